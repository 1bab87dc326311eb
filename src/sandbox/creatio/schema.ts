/** The empty lookup as it stands in answers and, for an empty key, in the tables. */
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';
/** The empty date as it stands in answers. */
export const EMPTY_DATE = '0001-01-01T00:00:00Z';

export type ColumnType = 'guid' | 'text' | 'int' | 'bool' | 'datetime' | 'double';

/** One column as OData shows it; a lookup is the flat `XId` of type guid with the navigation `X`. */
export interface Column {
  /** The name on the wire. */
  name: string;
  /** The name before any renaming by a switch; rows are stored under it. */
  code: string;
  type: ColumnType;
  /** Characters; without it, text is unlimited. */
  maxLength?: number;
  /** Checked by the application layer on each write, not by the database. */
  isRequired: boolean;
  /** Where a lookup points (code of an entity); `navigation` is the column's name without the `Id`. */
  lookup?: { target: string; navigation: string; cascades: boolean };
  /** The value of a new row that does not name the column. */
  initial?: string | number | boolean;
}

/** One entity set. */
export interface Entity {
  name: string;
  /** The name before any renaming by a switch; its table and the catalogue know it by that. */
  code: string;
  columns: readonly Column[];
  byName: ReadonlyMap<string, Column>;
  byNavigation: ReadonlyMap<string, Column>;
  /** Sets of column codes that must be unique among rows that fill all of them. */
  unique: readonly (readonly string[])[];
  /** A database view: rows come from elsewhere and are not stored. */
  isView: boolean;
}

/** What the catalogue says of an entity. */
export interface EntitySpec {
  name: string;
  columns: Column[];
  unique?: string[][];
  isView?: boolean;
}

interface ColumnOptions {
  required?: boolean;
  initial?: string | number | boolean;
}

const column = (name: string, type: ColumnType, options: ColumnOptions = {}): Column => ({
  name,
  code: name,
  type,
  isRequired: options.required ?? false,
  ...(options.initial === undefined ? {} : { initial: options.initial }),
});

/** A text column; 250 characters is Creatio's MediumText. `null` is unlimited. */
export const text = (name: string, maxLength: number | null = 250, options: ColumnOptions = {}): Column => ({
  ...column(name, 'text', options),
  ...(maxLength === null ? {} : { maxLength }),
});

/** An id that OData does not show as a lookup. */
export const guid = (name: string): Column => column(name, 'guid');
export const int = (name: string, options: ColumnOptions = {}): Column => column(name, 'int', options);
export const bool = (name: string, initial = false): Column => column(name, 'bool', { initial });
export const datetime = (name: string): Column => column(name, 'datetime');

/** A lookup: `navigation` is the column's code, `navigation` + `Id` its flat name. */
export const lookup = (
  navigation: string,
  target: string,
  options: { required?: boolean; cascades?: boolean } = {},
): Column => ({
  ...column(`${navigation}Id`, 'guid', options),
  lookup: { target, navigation, cascades: options.cascades ?? false },
});

/** The columns that every entity has. */
const baseColumns = (): Column[] => [
  column('Id', 'guid'),
  datetime('CreatedOn'),
  lookup('CreatedBy', 'Contact'),
  datetime('ModifiedOn'),
  lookup('ModifiedBy', 'Contact'),
];

/** An entity on top of BaseEntity. */
export const entity = (
  name: string,
  columns: Column[],
  more: Omit<EntitySpec, 'name' | 'columns'> = {},
): EntitySpec => ({
  name,
  columns: [...baseColumns(), ...columns, int('ProcessListeners')],
  ...more,
});

/** A lookup table on top of BaseLookup. */
export const baseLookup = (name: string, columns: Column[] = []): EntitySpec =>
  entity(name, [text('Name', 250, { required: true }), text('Description'), ...columns]);
