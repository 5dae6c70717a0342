//! `pg_catalog` and the two views of `information_schema` that clients list tables with, as far as those clients need
//! them: psql's `\d`, DuckDB's reader, JDBC, Grafana.
//!
//! Everything is made from the tables that the caller may read, when a question names such a table. What Whodunit has
//! none of (indexes, constraints, enumerations) is a table without rows. Numbers of tables are fixed, so that a client
//! may keep them between questions.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float32Builder, Int16Builder, Int32Builder, Int64Builder, ListBuilder, RecordBatch,
    StringViewBuilder,
};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use whodunit_model::Table;

use crate::pg_types::{self, PgType};
use crate::views::{SOURCES, View};

/// The schema in which these tables are.
pub const PG_CATALOG: &str = "pg_catalog";
/// Under these names the rewriter finds the views of `information_schema`.
pub const INFORMATION_COLUMNS: &str = "__information_columns";
pub const INFORMATION_TABLES: &str = "__information_tables";

const OID_PG_CATALOG: i64 = 11;
const OID_PUBLIC: i64 = 2200;
const OID_OWNER: i64 = 10;
const OID_HEAP: i64 = 2;
const OID_DATABASE: i64 = 5;
const OID_FIRST_RELATION: i64 = 16_384;
/// The one user name of this wire, which owns all there is.
pub const OWNER: &str = "api";

/// A table or view that the caller may read.
pub struct Relation {
    pub name: &'static str,
    pub is_view: bool,
    /// Names, types, and whether nulls may be in it.
    pub columns: Vec<(String, PgType, bool)>,
}

/// The number of a table or view by its name.
pub fn relation_oid(name: &str) -> Option<i64> {
    let at = relation_names().position(|known| known == name)?;
    i64::try_from(at).ok().map(|at| OID_FIRST_RELATION + at)
}

/// The name of a table or view by its number.
pub fn relation_name(oid: i64) -> Option<&'static str> {
    oid.checked_sub(OID_FIRST_RELATION).and_then(|at| usize::try_from(at).ok()).and_then(|at| relation_names().nth(at))
}

fn relation_names() -> impl Iterator<Item = &'static str> {
    let signals = Table::ALL.into_iter().map(Table::name).chain(View::ALL.into_iter().map(View::name));
    signals.chain(std::iter::once(SOURCES))
}

enum Cell {
    Text(String),
    Number(i64),
    Truth(bool),
    Null,
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

type Rows = Vec<Vec<Cell>>;

/// The columns of a table, each `name:kind`; kinds are `t` text, `b` boolean, `s`, `i`, `o` integers of 2, 4 and 8
/// bytes, `f` a float, `l` a list of texts.
struct Layout {
    name: &'static str,
    columns: &'static str,
}

const fn layout(name: &'static str, columns: &'static str) -> Layout {
    Layout { name, columns }
}

const NAMESPACE: Layout = layout("pg_namespace", "oid:o nspname:t nspowner:o nspacl:l");
const CLASS: Layout = layout(
    "pg_class",
    "oid:o relname:t relnamespace:o relkind:t relnatts:s relam:o reltype:o reloftype:o relowner:o relfilenode:o \
     reltablespace:o relpages:i reltuples:f relallvisible:i reltoastrelid:o relhasindex:b relisshared:b \
     relpersistence:t relchecks:s relhasrules:b relhastriggers:b relhassubclass:b relrowsecurity:b \
     relforcerowsecurity:b relispopulated:b relreplident:t relispartition:b relrewrite:o relacl:l reloptions:l \
     relpartbound:t",
);
const ATTRIBUTE: Layout = layout(
    "pg_attribute",
    "attrelid:o attname:t atttypid:o attlen:s attnum:s attnotnull:b attstattarget:i attndims:i atttypmod:i attbyval:b \
     attstorage:t attalign:t attcompression:t atthasdef:b atthasmissing:b attidentity:t attgenerated:t attisdropped:b \
     attislocal:b attinhcount:i attcollation:o attacl:l attoptions:l attfdwoptions:l",
);
const TYPE: Layout = layout(
    "pg_type",
    "oid:o typname:t typlen:s typtype:t typcategory:t typelem:o typarray:o typnamespace:o typowner:o typbyval:b \
     typispreferred:b typisdefined:b typdelim:t typrelid:o typinput:t typoutput:t typreceive:t typsend:t typnotnull:b \
     typbasetype:o typtypmod:i typndims:i typcollation:o typdefault:t",
);
const DATABASE: Layout = layout(
    "pg_database",
    "oid:o datname:t datdba:o encoding:i datlocprovider:t datistemplate:b datallowconn:b datconnlimit:i datcollate:t \
     datctype:t daticulocale:t dattablespace:o datacl:l",
);
const ROLES: &str = "oid:o rolname:t rolsuper:b rolinherit:b rolcreaterole:b rolcreatedb:b rolcanlogin:b \
    rolreplication:b rolconnlimit:i rolpassword:t rolvaliduntil:t rolbypassrls:b rolconfig:l";
const USER: Layout = layout("pg_user", "usename:t usesysid:o usecreatedb:b usesuper:b userepl:b usebypassrls:b");
const AM: Layout = layout("pg_am", "oid:o amname:t amhandler:t amtype:t");
const TABLES: Layout = layout(
    "pg_tables",
    "schemaname:t tablename:t tableowner:t tablespace:t hasindexes:b hasrules:b hastriggers:b rowsecurity:b",
);
const VIEWS: Layout = layout("pg_views", "schemaname:t viewname:t viewowner:t definition:t");
const SETTINGS: Layout = layout("pg_settings", "name:t setting:t unit:t category:t short_desc:t context:t vartype:t");
const INFORMATION_COLUMNS_LAYOUT: Layout = layout(
    INFORMATION_COLUMNS,
    "table_catalog:t table_schema:t table_name:t column_name:t ordinal_position:i column_default:t is_nullable:t \
     data_type:t character_maximum_length:i numeric_precision:i numeric_scale:i datetime_precision:i udt_schema:t \
     udt_name:t is_identity:t is_generated:t is_updatable:t",
);
const INFORMATION_TABLES_LAYOUT: Layout = layout(
    INFORMATION_TABLES,
    "table_catalog:t table_schema:t table_name:t table_type:t is_insertable_into:t is_typed:t",
);

/// Tables that never have rows. The rewriter takes questions apart that stand on them, so most need no more columns
/// than those by which clients join them from outside.
const EMPTY: &[Layout] = &[
    layout("pg_attrdef", "oid:o adrelid:o adnum:s adbin:t"),
    layout("pg_auth_members", "oid:o roleid:o member:o grantor:o admin_option:b"),
    layout("pg_collation", "oid:o collname:t collnamespace:o collprovider:t collcollate:t collctype:t"),
    layout(
        "pg_constraint",
        "oid:o conname:t connamespace:o contype:t condeferrable:b condeferred:b convalidated:b conrelid:o contypid:o \
         conindid:o conparentid:o confrelid:o confupdtype:t confdeltype:t confmatchtype:t conkey:l confkey:l conbin:t",
    ),
    layout("pg_depend", "classid:o objid:o objsubid:i refclassid:o refobjid:o refobjsubid:i deptype:t"),
    layout("pg_description", "objoid:o classoid:o objsubid:i description:t"),
    layout("pg_enum", "oid:o enumtypid:o enumsortorder:f enumlabel:t"),
    layout("pg_event_trigger", "oid:o evtname:t evtevent:t evtowner:o evtenabled:t"),
    layout("pg_extension", "oid:o extname:t extowner:o extnamespace:o extrelocatable:b extversion:t"),
    layout("pg_foreign_server", "oid:o srvname:t srvowner:o srvfdw:o"),
    layout("pg_foreign_table", "ftrelid:o ftserver:o ftoptions:l"),
    layout(
        "pg_index",
        "indexrelid:o indrelid:o indnatts:s indnkeyatts:s indisunique:b indisprimary:b indisexclusion:b \
         indimmediate:b indisclustered:b indisvalid:b indcheckxmin:b indisready:b indislive:b indisreplident:b \
         indkey:l indcollation:l indclass:l indoption:l indexprs:t indpred:t",
    ),
    layout("pg_indexes", "schemaname:t tablename:t indexname:t tablespace:t indexdef:t"),
    layout("pg_inherits", "inhrelid:o inhparent:o inhseqno:i inhdetachpending:b"),
    layout("pg_language", "oid:o lanname:t lanowner:o"),
    layout("pg_locks", "locktype:t database:o relation:o pid:i mode:t granted:b"),
    layout("pg_matviews", "schemaname:t matviewname:t matviewowner:t hasindexes:b ispopulated:b definition:t"),
    layout("pg_partitioned_table", "partrelid:o partstrat:t partnatts:s"),
    layout("pg_policy", "oid:o polname:t polrelid:o polcmd:t polpermissive:b polroles:l polqual:t polwithcheck:t"),
    layout(
        "pg_proc",
        "oid:o proname:t pronamespace:o proowner:o prolang:o prokind:t prosecdef:b proretset:b provolatile:t \
         pronargs:s prorettype:o proargtypes:l proallargtypes:l proargmodes:l proargnames:l prosrc:t",
    ),
    layout("pg_publication", "oid:o pubname:t pubowner:o puballtables:b"),
    layout("pg_publication_namespace", "oid:o pnpubid:o pnnspid:o"),
    layout("pg_publication_rel", "oid:o prpubid:o prrelid:o prqual:t prattrs:l"),
    layout("pg_range", "rngtypid:o rngsubtype:o rngmultitypid:o"),
    layout("pg_rewrite", "oid:o rulename:t ev_class:o ev_type:t ev_enabled:t is_instead:b"),
    layout("pg_sequence", "seqrelid:o seqtypid:o seqstart:o seqincrement:o seqmax:o seqmin:o seqcache:o seqcycle:b"),
    layout("pg_sequences", "schemaname:t sequencename:t sequenceowner:t"),
    layout("pg_shdescription", "objoid:o classoid:o description:t"),
    layout("pg_stat_activity", "datid:o datname:t pid:i usename:t application_name:t state:t query:t"),
    layout("pg_stat_gssapi", "pid:i gss_authenticated:b principal:t encrypted:b"),
    layout("pg_stat_ssl", "pid:i ssl:b version:t cipher:t bits:i"),
    layout("pg_stat_user_tables", "relid:o schemaname:t relname:t seq_scan:o n_live_tup:o"),
    layout("pg_stat_wal_receiver", "pid:i status:t"),
    layout("pg_statistic_ext", "oid:o stxrelid:o stxname:t stxnamespace:o stxkind:l stxstattarget:i"),
    layout("pg_subscription", "oid:o subname:t subowner:o subenabled:b"),
    layout("pg_tablespace", "oid:o spcname:t spcowner:o spcacl:l spcoptions:l"),
    layout("pg_trigger", "oid:o tgrelid:o tgname:t tgfoid:o tgenabled:t tgisinternal:b tgconstraint:o tgparentid:o"),
];

/// Whether a table of that name never has rows.
pub fn is_always_empty(name: &str) -> bool {
    EMPTY.iter().any(|empty| empty.name == name)
}

/// Whether there is such a table, with rows or without.
pub fn is_catalog_table(name: &str) -> bool {
    is_always_empty(name) || filled(name).is_some()
}

fn filled(name: &str) -> Option<Layout> {
    let all = [NAMESPACE, CLASS, ATTRIBUTE, TYPE, DATABASE, USER, AM, TABLES, VIEWS, SETTINGS];
    let information = [INFORMATION_COLUMNS_LAYOUT, INFORMATION_TABLES_LAYOUT];
    let roles = [layout("pg_roles", ROLES), layout("pg_authid", ROLES)];
    all.into_iter().chain(information).chain(roles).find(|known| known.name == name)
}

/// What the tables are made from.
pub struct Facts<'a> {
    pub database: &'a str,
    pub relations: &'a [Relation],
    /// Name and value.
    pub settings: &'a [(&'static str, &'static str)],
}

/// The table of that name.
pub fn table(name: &str, facts: &Facts<'_>) -> Result<Option<Arc<dyn TableProvider>>> {
    if let Some(layout) = EMPTY.iter().find(|empty| empty.name == name) {
        return made(layout, Vec::new()).map(Some);
    }
    let Some(layout) = filled(name) else { return Ok(None) };
    let relations = facts.relations.iter().filter_map(|relation| Some((relation_oid(relation.name)?, relation)));
    let rows: Rows = match name {
        "pg_namespace" => namespaces(),
        "pg_class" => relations.map(|(oid, relation)| class(oid, relation)).collect(),
        "pg_attribute" => relations.flat_map(|(oid, relation)| attributes(oid, relation)).collect(),
        "pg_type" => pg_types::ALL.iter().map(type_row).collect(),
        "pg_database" => vec![database(facts.database)],
        "pg_roles" | "pg_authid" => vec![role()],
        "pg_user" => vec![vec![text(OWNER), number(OID_OWNER), no(), no(), no(), no()]],
        "pg_am" => vec![vec![number(OID_HEAP), text("heap"), text("heap_tableam_handler"), text("t")]],
        "pg_tables" => facts.relations.iter().filter(|one| !one.is_view).map(listed_table).collect(),
        "pg_views" => facts.relations.iter().filter(|one| one.is_view).map(listed_view).collect(),
        "pg_settings" => facts.settings.iter().map(setting).collect(),
        INFORMATION_COLUMNS => {
            facts.relations.iter().flat_map(|one| information_columns(facts.database, one)).collect()
        }
        INFORMATION_TABLES => facts.relations.iter().map(|one| information_table(facts.database, one)).collect(),
        _ => Vec::new(),
    };
    made(&layout, rows).map(Some)
}

fn number(number: i64) -> Cell {
    Cell::Number(number)
}

fn no() -> Cell {
    Cell::Truth(false)
}

fn yes() -> Cell {
    Cell::Truth(true)
}

fn namespaces() -> Rows {
    [(OID_PG_CATALOG, PG_CATALOG), (OID_PUBLIC, "public")]
        .into_iter()
        .map(|(oid, name)| vec![number(oid), text(name), number(OID_OWNER), Cell::Null])
        .collect()
}

fn class(oid: i64, relation: &Relation) -> Vec<Cell> {
    let (kind, access) = if relation.is_view { ("v", 0) } else { ("r", OID_HEAP) };
    let columns = i64::try_from(relation.columns.len()).unwrap_or(i64::from(i16::MAX));
    let mut row = vec![number(oid), text(relation.name), number(OID_PUBLIC), text(kind), number(columns)];
    row.extend([number(access), number(0), number(0), number(OID_OWNER), number(oid), number(0)]);
    // No pages: readers that would split a table by its pages read it in one go.
    row.extend([number(0), number(-1), number(0), number(0), no(), no(), text("p"), number(0)]);
    row.extend([no(), no(), no(), no(), no(), yes(), text("n"), no(), number(0)]);
    row.extend([Cell::Null, Cell::Null, Cell::Null]);
    row
}

fn attributes(oid: i64, relation: &Relation) -> Vec<Vec<Cell>> {
    let attribute = |(at, (name, kind, nullable)): (usize, &(String, PgType, bool))| {
        let at = i64::try_from(at).unwrap_or(i64::MAX - 1) + 1;
        let dimensions = i64::from(kind.element != 0);
        let mut row = vec![number(oid), text(name.as_str()), number(i64::from(kind.oid))];
        row.extend([number(i64::from(kind.length)), number(at), Cell::Truth(!nullable)]);
        row.extend([number(-1), number(dimensions), number(-1), no()]);
        row.extend([text("x"), text("i"), text(""), no(), no(), text(""), text(""), no(), yes(), number(0), number(0)]);
        row.extend([Cell::Null, Cell::Null, Cell::Null]);
        row
    };
    relation.columns.iter().enumerate().map(attribute).collect()
}

fn type_row(kind: &PgType) -> Vec<Cell> {
    let array = kind.array().map_or(0, |array| i64::from(array.oid));
    let function = |end: &str| text(format!("{}{end}", if kind.element == 0 { kind.name } else { "array_" }));
    let mut row = vec![number(i64::from(kind.oid)), text(kind.name), number(i64::from(kind.length)), text("b")];
    row.extend([text(kind.category), number(i64::from(kind.element)), number(array), number(OID_PG_CATALOG)]);
    row.extend([number(OID_OWNER), no(), no(), yes(), text(","), number(0)]);
    row.extend([function("in"), function("out"), function("recv"), function("send")]);
    row.extend([no(), number(0), number(-1), number(0), number(0), Cell::Null]);
    row
}

fn database(name: &str) -> Vec<Cell> {
    let mut row = vec![number(OID_DATABASE), text(name), number(OID_OWNER), number(6), text("c"), no(), yes()];
    row.extend([number(-1), text("C.UTF-8"), text("C.UTF-8"), Cell::Null, number(0), Cell::Null]);
    row
}

fn role() -> Vec<Cell> {
    let mut row = vec![number(OID_OWNER), text(OWNER), no(), yes(), no(), no(), yes(), no(), number(-1)];
    row.extend([Cell::Null, Cell::Null, no(), Cell::Null]);
    row
}

fn listed_table(relation: &Relation) -> Vec<Cell> {
    vec![text("public"), text(relation.name), text(OWNER), Cell::Null, no(), no(), no(), no()]
}

fn listed_view(relation: &Relation) -> Vec<Cell> {
    vec![text("public"), text(relation.name), text(OWNER), Cell::Null]
}

fn setting((name, value): &(&'static str, &'static str)) -> Vec<Cell> {
    vec![text(*name), text(*value), Cell::Null, text("Whodunit"), Cell::Null, text("user"), text("string")]
}

fn information_columns(database: &str, relation: &Relation) -> Vec<Vec<Cell>> {
    let column = |(at, (name, kind, nullable)): (usize, &(String, PgType, bool))| {
        let at = i64::try_from(at).unwrap_or(i64::MAX - 1) + 1;
        let title = if kind.element == 0 { kind.title } else { "ARRAY" };
        let mut row = vec![text(database), text("public"), text(relation.name), text(name.as_str()), number(at)];
        row.extend([Cell::Null, text(if *nullable { "YES" } else { "NO" }), text(title)]);
        row.extend([Cell::Null, Cell::Null, Cell::Null, Cell::Null, text(PG_CATALOG), text(kind.name)]);
        row.extend([text("NO"), text("NEVER"), text("NO")]);
        row
    };
    relation.columns.iter().enumerate().map(column).collect()
}

fn information_table(database: &str, relation: &Relation) -> Vec<Cell> {
    let kind = if relation.is_view { "VIEW" } else { "BASE TABLE" };
    vec![text(database), text("public"), text(relation.name), text(kind), text("NO"), text("NO")]
}

fn made(layout: &Layout, rows: Rows) -> Result<Arc<dyn TableProvider>> {
    let columns: Vec<(&str, &str)> = layout.columns.split_whitespace().filter_map(|one| one.split_once(':')).collect();
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    let mut by_column: Vec<Vec<Cell>> = columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        assert_eq!(row.len(), columns.len(), "{} has as many cells as columns", layout.name);
        for (column, cell) in by_column.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    for ((name, kind), cells) in columns.into_iter().zip(by_column) {
        let array = array(kind, cells);
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), arrays)?;
    Ok(Arc::new(MemTable::try_new(schema, vec![vec![batch]])?))
}

fn array(kind: &str, cells: Vec<Cell>) -> ArrayRef {
    let numbers = |cells: Vec<Cell>| {
        cells.into_iter().map(|cell| if let Cell::Number(number) = cell { Some(number) } else { None })
    };
    match kind {
        "b" => {
            let mut builder = BooleanBuilder::new();
            cells.into_iter().for_each(|cell| {
                builder.append_option(if let Cell::Truth(truth) = cell { Some(truth) } else { None });
            });
            Arc::new(builder.finish())
        }
        "s" => {
            let mut builder = Int16Builder::new();
            numbers(cells).for_each(|one| builder.append_option(one.map(|one| i16::try_from(one).unwrap_or(i16::MAX))));
            Arc::new(builder.finish())
        }
        "i" => {
            let mut builder = Int32Builder::new();
            numbers(cells).for_each(|one| builder.append_option(one.map(|one| i32::try_from(one).unwrap_or(i32::MAX))));
            Arc::new(builder.finish())
        }
        "o" => {
            let mut builder = Int64Builder::new();
            numbers(cells).for_each(|one| builder.append_option(one));
            Arc::new(builder.finish())
        }
        "f" => {
            let mut builder = Float32Builder::new();
            numbers(cells).for_each(|one| builder.append_option(one.map(|one| one as f32)));
            Arc::new(builder.finish())
        }
        "l" => {
            let item = Field::new_list_field(DataType::Utf8View, true);
            let mut builder = ListBuilder::new(StringViewBuilder::new()).with_field(item);
            cells.iter().for_each(|_always_null| builder.append_null());
            Arc::new(builder.finish())
        }
        _ => {
            let mut builder = StringViewBuilder::new();
            for cell in cells {
                match cell {
                    Cell::Text(text) => builder.append_value(text),
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_made_as_its_layout_says() {
        let relation = Relation {
            name: "audit_logs",
            is_view: false,
            columns: vec![("time".to_owned(), pg_types::TIMESTAMPTZ, false)],
        };
        let facts = Facts { database: "whodunit", relations: &[relation], settings: &[("timezone", "UTC")] };
        let names = [
            "pg_namespace",
            "pg_class",
            "pg_attribute",
            "pg_type",
            "pg_database",
            "pg_roles",
            "pg_authid",
            "pg_user",
            "pg_am",
            "pg_tables",
            "pg_views",
            "pg_settings",
            INFORMATION_COLUMNS,
            INFORMATION_TABLES,
        ];
        for name in names.into_iter().chain(EMPTY.iter().map(|empty| empty.name)) {
            assert!(table(name, &facts).expect("is made").is_some() && is_catalog_table(name), "{name}");
        }
        assert!(table("pg_nothing", &facts).expect("no error").is_none());
    }

    #[test]
    fn numbers_of_tables_go_both_ways() {
        let oid = relation_oid("audit_logs").expect("is known");
        assert_eq!(relation_name(oid), Some("audit_logs"));
        assert_eq!((relation_oid("nothing"), relation_name(1), relation_name(i64::MIN)), (None, None, None));
    }
}
