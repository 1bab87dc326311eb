import { z } from 'zod';
import type { Json } from '../../types.ts';
import { notFoundPage, type ODataResponse } from '../odata/service.ts';
import { EMPTY_GUID } from '../schema.ts';
import type { Account } from '../sessions.ts';
import { startProcess, type ProcessDeps, type ProcessRun } from './run.ts';

/** One call of ProcessEngineService. */
export interface ProcessCall {
  /** HTTP method. */
  verb: string;
  /** What follows the name of the service: `RunProcess` or `<code>/Execute`. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  /** Who calls. */
  account: Account;
}

export type ProcessService = (call: ProcessCall) => ODataResponse | Promise<ODataResponse>;

const ERROR_STATUS = 3;
/** The one output parameter that the process has. */
const RESULT = 'RequestId';
const NO_RIGHT = 'Current user does not have sufficient permissions to run the process';

const runSchema = z.object({
  schemaName: z.string(),
  parameterValues: z
    .array(z.object({ name: z.string(), value: z.unknown() }))
    .nullish()
    .transform((values) => values ?? []),
  resultParameterNames: z
    .array(z.string())
    .nullish()
    .transform((names) => names ?? []),
});

/** Creates the service that starts processes: RunProcess, which speaks JSON, and Execute, which speaks XML. */
export function createProcessService(deps: ProcessDeps): ProcessService {
  const unknownOf = (code: string): string => `Process schema with name "${code}" is not found`;
  const isKnown = (code: string): boolean => deps.switches().processCodes.includes(code);
  const isDenied = ({ login }: Account): boolean => deps.switches().cannotRunProcesses.includes(login);

  const runProcess = async ({ body, account }: ProcessCall): Promise<ODataResponse> => {
    const parsed = runSchema.safeParse(body);
    if (!parsed.success) return fault(400, 'The request cannot be read.', 'FormatException');
    const { schemaName, resultParameterNames } = parsed.data;
    const { processInBackground, processRunningStatus, processDoneStatus, processDenied } = deps.switches();
    if (isDenied(account)) {
      if (processDenied === 'result') return json(200, refusedRun(NO_RIGHT));
      return fault(Number(processDenied), NO_RIGHT, 'System.Security.SecurityException');
    }
    if (!isKnown(schemaName)) return json(200, refusedRun(unknownOf(schemaName)));
    const run = startProcess(schemaName, account, deps);
    const answer = (processStatus: number, failure: string | null): ODataResponse =>
      json(200, {
        processId: run.id,
        processStatus,
        resultParameterValues: resultsOf(run, resultParameterNames),
        executionData: null,
        success: failure === null,
        errorInfo: failure === null ? null : errorInfo(failure),
      });
    // What has a result is waited for.
    if (processInBackground && resultParameterNames.length === 0) return answer(processRunningStatus, null);
    const failure = await run.ended;
    return answer(failure === null ? processDoneStatus : ERROR_STATUS, failure);
  };

  const execute = async (code: string, { query, account }: ProcessCall): Promise<ODataResponse> => {
    const { processDenied, processInBackground, unknownProcess } = deps.switches();
    if (isDenied(account)) {
      const status = processDenied === 'result' ? 500 : Number(processDenied);
      return fault(status, NO_RIGHT, 'System.Security.SecurityException');
    }
    if (!isKnown(code)) {
      if (unknownProcess === '500') {
        return fault(500, unknownOf(code), 'Terrasoft.Common.ItemNotFoundException');
      }
      return page(unknownProcess === '404-html' ? 404 : 500);
    }
    const run = startProcess(code, account, deps);
    const result = query.get('ResultParameterName');
    if (result === null && processInBackground) return xml('');
    const failure = await run.ended;
    if (failure !== null) return fault(500, failure, 'Terrasoft.Core.Process.ProcessException');
    return xml(result === null ? '' : JSON.stringify(resultsOf(run, [result])?.[result] ?? null));
  };

  return (call) => {
    const [name = '', action] = call.path.split('/');
    if (name === 'RunProcess' && action === undefined) {
      return call.verb === 'POST' ? runProcess(call) : { status: 405, headers: {} };
    }
    if (action !== 'Execute') return page(404);
    return ['GET', 'POST'].includes(call.verb) ? execute(name, call) : { status: 405, headers: {} };
  };
}

function resultsOf({ requestId }: ProcessRun, names: readonly string[]): Record<string, Json> | null {
  if (names.length === 0) return null;
  return Object.fromEntries(names.map((name) => [name, name === RESULT ? requestId : null]));
}

const errorInfo = (message: string): Json => ({ errorCode: '', message, stackTrace: null });

const refusedRun = (message: string): Json => ({
  processId: EMPTY_GUID,
  processStatus: ERROR_STATUS,
  resultParameterValues: null,
  executionData: null,
  success: false,
  errorInfo: errorInfo(message),
});

const fault = (status: number, Message: string, ExceptionType: string): ODataResponse =>
  json(status, { Message, StackTrace: null, ExceptionType });

const json = (status: number, body: Json): ODataResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

const page = (status: number): ODataResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: notFoundPage(),
});

/** A text as WCF writes it. */
function xml(text: string): ODataResponse {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const body = `<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">${escaped}</string>`;
  return { status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' }, body };
}
