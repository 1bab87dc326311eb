import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { createProgram } from '../../src/cli/program.ts';

const Service = z.object({
  image: z.string(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  deploy: z.object({ replicas: z.number() }).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
});

const compose = Compose.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === 'rollcall');

function service(name: string): z.infer<typeof Service> {
  return Service.parse(compose.services[name]);
}

describe('docker-compose.yml', () => {
  test('keeps jobs in a Redis that writes them down and throws none away', () => {
    const { command, volumes, healthcheck } = service('redis');
    const line = command?.join(' ') ?? '';
    expect(line).toContain('--appendonly yes');
    expect(line).toContain('--maxmemory-policy noeviction');
    expect(line).toContain('--requirepass');
    expect(volumes).toEqual(['redis-data:/data']);
    expect(healthcheck).toBeDefined();
  });

  test('keeps the store in a Postgres of a version that is supported', () => {
    const { image, volumes, healthcheck } = service('postgres');
    expect(Number(/^postgres:(\d+)/u.exec(image)?.[1])).toBeGreaterThanOrEqual(14);
    expect(volumes).toEqual(['postgres-data:/var/lib/postgresql/data']);
    expect(healthcheck).toBeDefined();
  });

  test('lets nobody outside reach either, and holds no password of its own', () => {
    for (const name of ['redis', 'postgres']) {
      expect(service(name).ports).toBeUndefined();
      expect(service(name).networks).toEqual(['engines']);
    }
    expect(compose.networks['engines']?.internal).toBe(true);
    const passwords = services.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(([key]) => /PASSWORD|AUTH|_URL/u.test(key)),
    );
    expect(passwords.length).toBeGreaterThan(0);
    for (const [, value] of passwords) expect(value).toMatch(/\$\{\w+_PASSWORD:\?/u);
  });

  test('runs the product as nobody special, on a root file system that is read-only', () => {
    expect(ours.map(([name]) => name).toSorted()).toEqual(['rollcall', 'sandbox', 'try', 'web', 'worker']);
    for (const [, one] of ours) {
      expect(one).toMatchObject({
        user: 'node',
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      const writable = [
        ...one.volumes.map((volume) => volume.split(':')[1]),
        ...one.tmpfs.map((path) => path.split(':')[0]),
      ];
      expect(writable).toContain('/data');
    }
  });

  test('starts what works on the engines only when they are healthy, and names them by their services', () => {
    for (const name of ['rollcall', 'try', 'web', 'worker']) {
      const { environment, depends_on } = service(name);
      expect(environment?.['DATABASE_URL']).toMatch(/@postgres:5432\/rollcall$/u);
      expect(environment?.['REDIS_URL']).toMatch(/@redis:6379\/0$/u);
      expect(depends_on).toMatchObject({
        redis: { condition: 'service_healthy' },
        postgres: { condition: 'service_healthy' },
      });
    }
  });

  test('runs two workers that share no folder, say when they are ready, and come back when they die', () => {
    const { deploy, command, volumes, tmpfs, healthcheck, ...rest } = service('worker');
    expect(deploy?.replicas).toBe(2);
    expect(command?.slice(0, 3)).toEqual(['serve', '--role', 'worker']);
    expect(volumes).toEqual(['./config:/config:ro']);
    expect(tmpfs.some((path) => path.startsWith('/data:'))).toBe(true);
    const port = command?.[command.indexOf('--port') + 1];
    expect(healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`);
    expect(rest.profiles).toBeUndefined();
  });

  test('answers on a port that only this machine reaches, and starts what is due', () => {
    const { command, ports, healthcheck, profiles } = service('web');
    expect(command?.slice(0, 3)).toEqual(['serve', '--role', 'web,scheduler']);
    expect(ports).toEqual(['127.0.0.1:8080:8080']);
    expect(healthcheck?.test.join(' ')).toContain('/readyz');
    expect(profiles).toBeUndefined();
  });

  test('starts stand-ins only when their profile is asked for', () => {
    expect(service('sandbox').profiles).toEqual(['sandboxes']);
    expect(service('try').profiles).toEqual(['sandboxes']);
  });

  test('names only volumes and commands that there are', () => {
    const named = services.flatMap(([, { volumes }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('.')),
    );
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
    const program = createProgram(
      '0',
      { work: null, command: null },
      {
        out: () => undefined,
        err: () => undefined,
        outColumns: 80,
        errColumns: 80,
      },
    );
    const known = program.commands.map((command) => command.name());
    for (const [, { command }] of ours) if (command !== undefined) expect(known).toContain(command[0]);
  });
});

describe('Dockerfile', () => {
  /** The instructions of each stage, continued lines joined. */
  const stages = readFileSync('Dockerfile', 'utf8')
    .replaceAll(/^#.*\n/gmu, '')
    .replaceAll(/\\\n\s*/gu, ' ')
    .split(/^(?=FROM )/mu)
    .map((stage) => stage.split('\n').filter((line) => line !== ''))
    .filter((stage) => stage.length > 0);
  const last = stages.at(-1) ?? [];
  const instruction = (name: string): string =>
    last.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';

  test('leaves compilers and sources behind in a stage of their own', () => {
    expect(stages).toHaveLength(2);
    for (const [from] of stages) expect(from).toMatch(/^FROM node:22-slim\b/u);
    expect(last.filter((line) => /npm |COPY (src|jobs)/u.test(line))).toEqual([]);
  });

  test('runs as nobody special, writes to one volume, and says whether it is well', () => {
    expect(instruction('USER')).toBe('node');
    expect(instruction('VOLUME')).toBe('/data');
    expect(instruction('ENV')).toContain('ROLLCALL_DATA=/data');
    expect(instruction('ENV')).toContain('HOME=/data');
    expect(instruction('HEALTHCHECK')).toContain('CMD [');
  });

  test('starts the program of the package', () => {
    const { bin } = z
      .object({ bin: z.object({ rollcall: z.string() }) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(JSON.parse(instruction('ENTRYPOINT'))).toEqual(['node', `/app/${bin.rollcall}`]);
  });

  test('copies only what there is and what .dockerignore lets through', () => {
    const copied = stages
      .flat()
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(new Set(copied)).toEqual(new Set(allowed));
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
  });
});
