//! The plan of one scan: which segments and which blocks of them, in which order, beside the buffered rows.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::{SortColumn, SortOptions, concat_batches, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::DFSchema;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::physical_plan::parquet::{
    ParquetAccessPlan, RowGroupAccess, can_expr_be_pushed_down_with_schemas,
};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, Operator};
use datafusion::physical_expr::expressions::{BinaryExpr, Column};
use datafusion::physical_expr::{LexOrdering, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::union::UnionExec;
use futures::{StreamExt, TryStreamExt};
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use whodunit_model::Table;
use whodunit_store::segment::{SegmentId, SegmentMeta, SegmentReader};

use super::adapter::SegmentAdapters;
use super::buffer::{Choice, Shape, partitions};
use super::demand::{Blocks, Demand, may_overflow};
use super::entries::Shown;
use super::prune::{Prune, TimeRange};
use super::reader::SegmentFiles;
use super::schema::attribute_type;
use super::statistics::{self, Extent, RowGroupExtent};
use super::{Order, SignalTable, Ties};
use crate::error::Error;

/// Segments opened at once while a scan is planned.
const OPENING_MAX: usize = 16;
/// Chains of segments that do not overlap in time; with more, merging them costs more than it saves.
const CHAINS_MAX: usize = 64;
/// Row groups that one unit of work reads.
const UNIT_ROW_GROUPS_MAX: usize = 8;
/// Newest segments that a search for the newest matching rows opens at once, so that cores share their row groups.
const NEWEST_OPENED_MAX: usize = 4;

/// One call of `scan`.
pub struct Scan<'a> {
    pub table: &'a SignalTable,
    pub state: &'a dyn Session,
    pub projection: &'a [usize],
    pub limit: Option<usize>,
}

/// Which part of the table to read; the roll-up answers for the rest.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    Everything,
    /// Buffered rows and the segments that no roll-up counts.
    Uncounted {
        counted: &'a HashSet<SegmentId>,
    },
    /// Counted segments that have rows outside the range that their roll-up answers for.
    Edges {
        counted: &'a HashSet<SegmentId>,
        whole: TimeRange,
    },
}

/// A segment with the row groups and rows of it that may match.
struct Chosen {
    meta: Arc<SegmentMeta>,
    /// `None`: all rows, or not known before the file is opened.
    opened: Option<Opened>,
}

/// What is known of a segment once its footer has been read, by row group.
struct Opened {
    access: Vec<RowGroupAccess>,
    extents: Vec<RowGroupExtent>,
}

impl Scan<'_> {
    pub async fn plan(&self, filters: &[Expr], part: Part<'_>) -> Result<Arc<dyn ExecutionPlan>> {
        let prune = Prune::of(filters);
        let demand = Demand::of_all(self.table.table, filters);
        // A filter on time alone drops no row between those that are asked for.
        let sparse = filters.iter().any(|filter| TimeRange::of(filter).is_none());
        let chosen = self.choose(self.segments(&prune, part), demand.as_ref(), sparse).await?;
        let asked = Asked {
            predicate: self.predicate(filters)?,
            tokens: demand.is_some(),
            sparse,
            overflowing: Arc::default(),
        };
        let mut plans = Vec::new();
        self.add_segments(chosen, &asked, &mut plans)?;
        if !matches!(part, Part::Edges { .. }) {
            plans.extend(self.buffered(&prune, asked.predicate.as_ref())?);
        }
        match plans.len() {
            0 => Ok(Arc::new(EmptyExec::new(self.projected_schema()?))),
            1 => Ok(plans.remove(0)),
            _ => UnionExec::try_new(plans),
        }
    }

    /// All filters in one, over the columns of the table.
    fn predicate(&self, filters: &[Expr]) -> Result<Option<Arc<dyn PhysicalExpr>>> {
        let Some(all) = conjunction(filters.iter().cloned()) else { return Ok(None) };
        let schema = DFSchema::try_from(self.table.schema.as_ref().clone())?;
        let predicate = self.state.create_physical_expr(all, &schema)?;
        debug_assert!(can_expr_be_pushed_down_with_schemas(&predicate, &self.table.schema), "{predicate}");
        Ok(Some(predicate))
    }

    fn projected_schema(&self) -> Result<SchemaRef> {
        Ok(Arc::new(self.table.schema.project(self.projection)?))
    }

    /// Rows that are not in segments yet.
    fn buffered(
        &self,
        prune: &Prune,
        predicate: Option<&Arc<dyn PhysicalExpr>>,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let (source, table) = (&self.table.source, self.table.table);
        let shown = (table == Table::AuditLogs).then(|| Shown::of(&source.snapshot));
        let newest = match self.table.order {
            Order::NewestFirst { fetch, .. } => fetch,
            Order::Any => None,
        };
        let choice = Choice {
            range: prune.range,
            shown: shown.as_ref(),
            predicate: predicate.map(|predicate| (predicate, &self.table.schema)),
            newest,
        };
        let all = source.snapshot.buffered(table);
        let visible = all
            .iter()
            .filter(|(project, _)| source.visibility.sees_project(project) && prune.keeps_project(project))
            .map(|(_, batch)| batch);
        let schema = self.projected_schema()?;
        let shape = Shape { table, schema: schema.clone() };
        let batches = shape.join_small(shape.choose(&choice, visible)?)?;
        if batches.is_empty() {
            return Ok(None);
        }
        if let (Some(_), Some(ordering)) = (newest, newest_first(&schema)) {
            // Few rows, sorted here: they and the chains of segments only need to be merged.
            let sorted = sorted(&schema, &batches, &ordering)?;
            let rows = MemorySourceConfig::try_new(&[vec![sorted]], schema, None)?;
            let rows = rows.try_with_sort_information(vec![ordering])?;
            return Ok(Some(DataSourceExec::from_data_source(rows)));
        }
        let partitions = partitions(batches, self.state.config().target_partitions());
        Ok(Some(MemorySourceConfig::try_new_exec(&partitions, schema, None)?))
    }

    /// Segments that may hold rows of the part, newest first.
    fn segments(&self, prune: &Prune, part: Part<'_>) -> Vec<Arc<SegmentMeta>> {
        let mut segments = visible_segments(self.table, prune);
        match part {
            Part::Everything => {}
            Part::Uncounted { counted } => segments.retain(|segment| !counted.contains(&segment.id)),
            Part::Edges { counted, whole } => segments.retain(|segment| {
                let inside = !whole.is_empty()
                    && whole.contains(segment.min_time.nanos())
                    && whole.contains(segment.max_time.nanos());
                counted.contains(&segment.id) && !inside
            }),
        }
        segments
    }

    /// Looks into the token index where the question gives it something to look for. Segments that may not be needed
    /// at all are not opened: older ones when the newest rows are asked for.
    async fn choose(
        &self,
        mut segments: Vec<Arc<SegmentMeta>>,
        demand: Option<&Demand>,
        sparse: bool,
    ) -> Result<Vec<Chosen>> {
        let opened = match (demand, self.table.order) {
            (None, Order::NewestFirst { .. }) if sparse => NEWEST_OPENED_MAX.min(segments.len()),
            (None, Order::NewestFirst { .. }) => 0,
            _ => segments.len(),
        };
        let unopened = segments.split_off(opened).into_iter().map(|meta| Chosen { meta, opened: None });
        let open = |meta: Arc<SegmentMeta>| async move {
            let reader = self.table.source.store.reader(&meta).await.map_err(|e| Error::from(e).into_datafusion())?;
            let tokens = match demand {
                Some(_) => Some(reader.tokens().await.map_err(|e| Error::from(e).into_datafusion())?),
                None => None,
            };
            let blocks = match (demand, &tokens) {
                (Some(demand), Some(tokens)) => demand.blocks(&meta, tokens),
                _ => Blocks::Unknown,
            };
            let block_rows = tokens.map_or(1, |tokens| tokens.block_rows());
            Ok::<_, datafusion::error::DataFusionError>(access(&reader, &blocks, block_rows)?.map(|access| {
                let extents = statistics::of_row_groups(&meta, &reader.parquet());
                Chosen { meta, opened: Some(Opened { access, extents }) }
            }))
        };
        let chosen: Vec<Option<Chosen>> =
            futures::stream::iter(segments).map(open).buffered(OPENING_MAX).try_collect().await?;
        Ok(chosen.into_iter().flatten().chain(unopened).collect())
    }

    /// Plans for the chosen segments. Segments that need more than reading columns are kept apart.
    fn add_segments(&self, chosen: Vec<Chosen>, asked: &Asked, plans: &mut Vec<Arc<dyn ExecutionPlan>>) -> Result<()> {
        let attributes: Vec<&str> = self
            .table
            .schema
            .fields()
            .iter()
            .filter(|field| attribute_type(self.table.table, field).is_some())
            .map(|field| field.name().as_str())
            .collect();
        let mut plain = Vec::new();
        let mut special = Vec::new();
        let mut overflowing = BTreeSet::new();
        for one in chosen {
            let found: Vec<&&str> = attributes.iter().filter(|name| may_overflow(&one.meta, name)).collect();
            let has_steps = one.meta.intents > 0 || one.meta.expired > 0;
            let is_special = has_steps || !found.is_empty();
            overflowing.extend(found.into_iter().map(|name| (*name).to_owned()));
            if is_special { special.push(one) } else { plain.push(one) }
        }
        if !plain.is_empty() {
            plans.push(self.files(plain, asked)?);
        }
        if !special.is_empty() {
            let both = [asked.predicate.clone(), self.shown_entries()?].into_iter().flatten();
            let predicate = both.reduce(|a, b| Arc::new(BinaryExpr::new(a, Operator::And, b)));
            let asked = Asked { predicate, overflowing: Arc::new(overflowing), ..asked.clone() };
            plans.push(self.files(special, &asked)?);
        }
        Ok(())
    }

    fn shown_entries(&self) -> Result<Option<Arc<dyn PhysicalExpr>>> {
        if self.table.table != Table::AuditLogs {
            return Ok(None);
        }
        let schema = DFSchema::try_from(self.table.schema.as_ref().clone())?;
        let predicate = Shown::of(&self.table.source.snapshot).predicate();
        Ok(Some(self.state.create_physical_expr(predicate, &schema)?))
    }

    fn files(&self, chosen: Vec<Chosen>, asked: &Asked) -> Result<Arc<dyn ExecutionPlan>> {
        let mut options = self.state.default_table_options().parquet;
        options.global.pushdown_filters = true;
        // Few filtered columns are shown again, and then from few pages: keeping their rows costs more than it saves.
        options.global.max_predicate_cache_size = Some(0);
        // The token index has been asked already, block by block; bloom filters would say the same for row groups.
        options.global.bloom_filter_on_read = !asked.tokens;
        let mut parquet = ParquetSource::new(self.table.schema.clone())
            .with_table_parquet_options(options)
            .with_parquet_file_reader_factory(Arc::new(SegmentFiles { store: self.table.source.store.clone() }));
        if let Some(predicate) = &asked.predicate {
            parquet = parquet.with_predicate(predicate.clone());
        }
        let exact = asked.predicate.is_none() && !asked.tokens;
        let extents = chosen.iter().map(|one| Extent::of_segment(&one.meta));
        let statistics = statistics::of_rows(&self.table.schema, extents, exact);
        let (groups, ordering) = self.groups(chosen, asked.sparse);
        let adapters = SegmentAdapters {
            table: self.table.table,
            overflowing: asked.overflowing.clone(),
            options: self.state.config().options().clone(),
        };
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), Arc::new(parquet))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_limit(self.rows_max(&ordering))
            .with_output_ordering(ordering)
            .with_expr_adapter(Some(Arc::new(adapters)))
            .with_projection_indices(Some(self.projection.to_vec()))?
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }

    /// After how many rows a group of files may stop: in the order of the question its first rows are enough.
    fn rows_max(&self, ordering: &[LexOrdering]) -> Option<usize> {
        match self.table.order {
            Order::NewestFirst { fetch: Some(fetch), ties: Ties::AsStored } if !ordering.is_empty() => {
                Some(self.limit.map_or(fetch, |limit| limit.min(fetch)))
            }
            _ => self.limit,
        }
    }

    fn groups(&self, chosen: Vec<Chosen>, sparse: bool) -> (Vec<FileGroup>, Vec<LexOrdering>) {
        let schema = &self.table.schema;
        let partitions = self.state.config().target_partitions().max(1);
        if self.table.order != Order::Any {
            let chains = chains(chosen);
            if chains.len() <= CHAINS_MAX {
                // Where few rows match, every core looks through a part of each chain, in the chain's order.
                let parts = if sparse { partitions } else { 1 };
                let groups = chains.into_iter().flat_map(|chain| deal(chain, parts, schema));
                return (groups.collect(), newest_first(schema).into_iter().collect());
            }
            let files = chains.into_iter().flatten().map(|one| one.file(schema)).collect();
            return (vec![FileGroup::new(files)], Vec::new());
        }
        let row_groups: usize = chosen.iter().map(Chosen::row_groups).sum();
        let per_unit = (row_groups / (partitions * 4)).clamp(1, UNIT_ROW_GROUPS_MAX);
        let mut dealt: Vec<Vec<PartitionedFile>> = (0..partitions).map(|_| Vec::new()).collect();
        let units = chosen.into_iter().flat_map(|one| one.units(per_unit, schema));
        for (index, unit) in units.enumerate() {
            dealt[index % partitions].push(unit);
        }
        dealt.retain(|files| !files.is_empty());
        (dealt.into_iter().map(FileGroup::new).collect(), Vec::new())
    }
}

/// What the question asks of the rows of segments.
#[derive(Clone)]
struct Asked {
    predicate: Option<Arc<dyn PhysicalExpr>>,
    /// Whether the token index has been asked.
    tokens: bool,
    /// Whether rows between matching ones may be dropped.
    sparse: bool,
    overflowing: Arc<BTreeSet<String>>,
}

impl Chosen {
    fn row_groups(&self) -> usize {
        self.opened.as_ref().map_or(1, |opened| opened.access.iter().filter(|one| one.should_scan()).count())
    }

    fn file(self, schema: &Schema) -> PartitionedFile {
        let extent = Extent::of_segment(&self.meta);
        match self.opened {
            Some(opened) => part_of(&self.meta, Some(opened.access), [extent].into_iter(), schema),
            None => part_of(&self.meta, None, [extent].into_iter(), schema),
        }
    }

    /// The file several times, each with other row groups, so that cores share its rows.
    fn units(self, per_unit: usize, schema: &Schema) -> Vec<PartitionedFile> {
        let Some(Opened { access, extents }) = &self.opened else { return vec![self.file(schema)] };
        let scanned: Vec<usize> = (0..access.len()).filter(|index| access[*index].should_scan()).collect();
        let unit = |indexes: &[usize]| {
            let mut part = vec![RowGroupAccess::Skip; access.len()];
            for index in indexes {
                part[*index] = access[*index].clone();
            }
            part_of(&self.meta, Some(part), indexes.iter().map(|index| extents[*index].in_segment(&self.meta)), schema)
        };
        scanned.chunks(per_unit).map(unit).collect()
    }
}

/// A file of a scan: the segment, or these parts of it.
fn part_of<'a>(
    meta: &'a Arc<SegmentMeta>,
    access: Option<Vec<RowGroupAccess>>,
    extents: impl Iterator<Item = Extent<'a>>,
    schema: &Schema,
) -> PartitionedFile {
    let file = PartitionedFile::new(meta.path.clone(), meta.bytes)
        .with_statistics(Arc::new(statistics::of_rows(schema, extents, false)))
        .with_extension(meta.clone());
    match access {
        Some(access) => file.with_extension(ParquetAccessPlan::new(access)),
        None => file,
    }
}

/// The segments that the caller may see and that are not pruned, newest first.
pub fn visible_segments(table: &SignalTable, prune: &Prune) -> Vec<Arc<SegmentMeta>> {
    let source = &table.source;
    let mut segments = source.snapshot.segments(table.table);
    segments.retain(|segment| source.visibility.sees_project(&segment.project) && prune.keeps(segment));
    segments.sort_by(|a, b| b.max_time.cmp(&a.max_time).then_with(|| b.id.cmp(&a.id)));
    segments
}

/// What to read of a segment whose blocks may match or not; `None` if nothing.
fn access(reader: &SegmentReader, blocks: &Blocks, block_rows: usize) -> Result<Option<Vec<RowGroupAccess>>> {
    let metadata = reader.parquet();
    let Blocks::Only(blocks) = blocks else {
        return Ok(Some(vec![RowGroupAccess::Scan; metadata.num_row_groups()]));
    };
    let mut plan = Vec::with_capacity(metadata.num_row_groups());
    let mut start = 0usize;
    for group in metadata.row_groups() {
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        plan.push(group_access(start, rows, blocks, block_rows));
        start += rows;
    }
    Ok(plan.iter().any(RowGroupAccess::should_scan).then_some(plan))
}

/// Blocks never straddle row groups, so every row group starts with a block.
fn group_access(start: usize, rows: usize, blocks: &[bool], block_rows: usize) -> RowGroupAccess {
    let first = start / block_rows;
    let mut selectors = Vec::new();
    let mut done = 0;
    let mut block = first;
    let (mut any, mut every) = (false, true);
    while done < rows {
        let length = block_rows.min(rows - done);
        // A block that the index does not know may match.
        let may_match = blocks.get(block).copied().unwrap_or(true);
        any |= may_match;
        every &= may_match;
        selectors.push(if may_match { RowSelector::select(length) } else { RowSelector::skip(length) });
        done += length;
        block += 1;
    }
    match (any, every) {
        (false, _) => RowGroupAccess::Skip,
        (true, true) => RowGroupAccess::Scan,
        (true, false) => RowGroupAccess::Selection(RowSelection::from(selectors)),
    }
}

/// Segments in as few chains as possible in which each is older than the one before. The segments come newest first.
fn chains(chosen: Vec<Chosen>) -> Vec<Vec<Chosen>> {
    let mut chains: Vec<Vec<Chosen>> = Vec::new();
    for one in chosen {
        let fits = |chain: &&mut Vec<Chosen>| chain.last().is_some_and(|last| last.meta.min_time > one.meta.max_time);
        match chains.iter_mut().find(fits) {
            Some(chain) => chain.push(one),
            None => chains.push(vec![one]),
        }
    }
    chains
}

/// A chain in so many parts, each in the order of the chain: row groups, as far as they are known, go round.
fn deal(chain: Vec<Chosen>, parts: usize, schema: &Schema) -> Vec<FileGroup> {
    if parts == 1 {
        return vec![FileGroup::new(chain.into_iter().map(|one| one.file(schema)).collect())];
    }
    let mut dealt: Vec<Vec<PartitionedFile>> = vec![Vec::new(); parts];
    for (index, unit) in chain.into_iter().flat_map(|one| one.units(1, schema)).enumerate() {
        dealt[index % parts].push(unit);
    }
    dealt.retain(|files| !files.is_empty());
    dealt.into_iter().map(FileGroup::new).collect()
}

/// `time DESC, seq DESC`: the order of rows in every segment.
fn newest_first(schema: &Schema) -> Option<LexOrdering> {
    let options = SortOptions { descending: true, nulls_first: true };
    let descending =
        |name: &str| Some(PhysicalSortExpr::new(Arc::new(Column::new(name, schema.index_of(name).ok()?)), options));
    LexOrdering::new(["time", "seq"].into_iter().filter_map(descending))
}

fn sorted(schema: &SchemaRef, batches: &[RecordBatch], ordering: &LexOrdering) -> Result<RecordBatch> {
    let rows = concat_batches(schema, batches)?;
    let key = |order: &PhysicalSortExpr| order.evaluate_to_sort_column(&rows);
    let keys: Vec<SortColumn> = ordering.iter().map(key).collect::<Result<_>>()?;
    Ok(take_record_batch(&rows, &lexsort_to_indices(&keys, None)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_selections_of_their_row_group() {
        let blocks = [true, false, false, false, true];
        assert_eq!(
            group_access(0, 30, &blocks, 10),
            RowGroupAccess::Selection(vec![RowSelector::select(10), RowSelector::skip(20)].into())
        );
        assert_eq!(
            group_access(30, 15, &blocks, 10),
            RowGroupAccess::Selection(vec![RowSelector::skip(10), RowSelector::select(5)].into())
        );
        assert_eq!(group_access(10, 20, &blocks, 10), RowGroupAccess::Skip);
        assert_eq!(group_access(40, 5, &blocks, 10), RowGroupAccess::Scan);
    }
}
