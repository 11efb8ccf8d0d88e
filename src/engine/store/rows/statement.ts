import { type Compilable, type CompiledQuery, type Kysely, type QueryResult, type RawBuilder, sql } from 'kysely';
import type { Tenant } from '../../tenant.ts';
import type { StoreDialect } from '../dialect.ts';
import { type Ownership, ownership } from './ownership.ts';
import type { Tables } from './tables.ts';

/** Which rows statements are executed on: through `db`, of what `tenant` owns, or of everything if that is undefined. */
export interface StatementScope {
  readonly db: Kysely<Tables>;
  readonly dialect: StoreDialect;
  readonly tenant: Tenant | undefined;
  readonly execute: Execute;
}

export type Execute = <Row>(query: CompiledQuery<Row>) => Promise<QueryResult<Row>>;

/** What a statement is built of. Nothing else may go into it: it is built once, and executed with other values. */
export interface StatementParts<Values> {
  readonly db: Kysely<Tables>;
  readonly dialect: StoreDialect;
  /** Undefined if the statement is for the rows of all tenants. */
  readonly tenant: RawBuilder<Tenant> | undefined;
  readonly owned: Ownership;
  /** The place of a value. */
  readonly value: <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>;
}

/** Executes the statement with these values. */
export type Statement<Values, Row> = (scope: StatementScope, values: Values) => Promise<QueryResult<Row>>;

/** A parameter of a compiled statement that is replaced by a value at each execution; without a name by the tenant. */
class Placeholder {
  readonly name: string | undefined;

  constructor(name?: string) {
    this.name = name;
  }
}

const placeOf = <Value>(name?: string) => sql<Value>`${new Placeholder(name)}`;

/**
 * A statement that is built and compiled once for each database: for those that are executed for every run, kysely's
 * work would cost as much as SQLite's.
 */
export const statement = <Values extends object, Row>(
  build: (parts: StatementParts<Values>) => Compilable<Row>,
): Statement<Values, Row> => {
  const ofAll = new WeakMap<StoreDialect, CompiledQuery<Row>>();
  const ofTenant = new WeakMap<StoreDialect, CompiledQuery<Row>>();

  const compile = ({ db, dialect, tenant: owner }: StatementScope) => {
    const tenant = owner === undefined ? undefined : placeOf<Tenant>();
    return build({ db, dialect, tenant, owned: ownership(tenant), value: placeOf }).compile();
  };

  return (scope, values) => {
    const { dialect, tenant, execute } = scope;
    const known = tenant === undefined ? ofAll : ofTenant;
    let compiled = known.get(dialect);
    if (compiled === undefined) {
      compiled = compile(scope);
      known.set(dialect, compiled);
    }
    const parameters = compiled.parameters.map((parameter): unknown => {
      if (!(parameter instanceof Placeholder)) return parameter;
      return parameter.name === undefined ? tenant : Reflect.get(values, parameter.name);
    });
    return execute({ ...compiled, parameters });
  };
};
