//! `approx_percentile_cont(value, p)` and `approx_percentile_cont(p) WITHIN GROUP (ORDER BY value)`.
//!
//! DataFusion's t-digest sorts every batch of every group. Here a group counts its values in buckets whose number is
//! the sign, the exponent and the first seven bits of the mantissa of the value: a shift, no logarithm. A bucket is
//! 1/128 of its value wide, so its middle is at most 0.4 % off. Groups of up to 256 values keep them and are exact.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Float64Builder, ListArray, ListBuilder, UInt32Builder,
    UInt64Builder,
};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, UInt32Type, UInt64Type};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, TypeSignature, Volatility,
};
use datafusion::physical_plan::expressions::Literal;

/// The aggregate function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ApproxPercentile {
    signature: Signature,
}

impl ApproxPercentile {
    pub fn new() -> ApproxPercentile {
        let floats = TypeSignature::Uniform(2, vec![DataType::Float64]);
        // The third argument of DataFusion's own, the number of centroids, is taken and not needed.
        let with_size = TypeSignature::Uniform(3, vec![DataType::Float64]);
        let signature = Signature::one_of(vec![floats, with_size], Volatility::Immutable);
        ApproxPercentile { signature }
    }
}

fn percentile_of(args: &AccumulatorArgs) -> Result<f64> {
    let literal = args.exprs.get(1).and_then(|expression| expression.downcast_ref::<Literal>());
    let value = literal.map(|literal| literal.value().cast_to(&DataType::Float64)).transpose()?;
    match value {
        Some(ScalarValue::Float64(Some(p))) if (0.0..=1.0).contains(&p) => {
            let descending = args.order_bys.first().is_some_and(|order| order.options.descending);
            Ok(if descending { 1.0 - p } else { p })
        }
        _ => Err(DataFusionError::Plan("the percentile of approx_percentile_cont is a number from 0 to 1".into())),
    }
}

impl AggregateUDFImpl for ApproxPercentile {
    fn name(&self) -> &str {
        "approx_percentile_cont"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn supports_within_group_clause(&self) -> bool {
        true
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(OneGroup { sketch: Sketch::default(), percentile: percentile_of(&args)? }))
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(ManyGroups { sketches: Vec::new(), bytes: 0, percentile: percentile_of(&args)? }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let list = |name, data_type| {
            Field::new_list(format_state_name(args.name, name), Field::new_list_field(data_type, true), true)
        };
        let fields =
            [list("values", DataType::Float64), list("buckets", DataType::UInt32), list("counts", DataType::UInt64)];
        Ok(fields.into_iter().map(Arc::new).collect())
    }
}

/// Most values that a group keeps before it counts in buckets.
const VALUES_MAX: usize = 256;
/// Mantissa bits that a bucket's number keeps.
const MANTISSA_BITS: u32 = 7;
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - MANTISSA_BITS;

/// What one group knows of its values.
#[derive(Debug, Default)]
struct Sketch {
    values: Vec<f64>,
    /// Counts of consecutive buckets from `first` on; empty as long as the values fit.
    counts: Vec<u64>,
    first: u32,
}

/// Numbers that order like the values: negative ones have all bits flipped.
fn bucket_of(value: f64) -> u32 {
    let bits = value.to_bits();
    let ordered = if bits >> 63 == 1 { !bits } else { bits | (1 << 63) };
    (ordered >> SHIFT) as u32
}

fn edge_of(bucket: u32) -> f64 {
    let ordered = u64::from(bucket) << SHIFT;
    f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered })
}

/// The value that stands for all of a bucket.
fn middle_of(bucket: u32) -> f64 {
    let (low, high) = (edge_of(bucket), edge_of(bucket.saturating_add(1)));
    if bucket == bucket_of(0.0) {
        0.0
    } else if high.is_finite() && low.is_finite() {
        low + (high - low) / 2.0
    } else {
        low
    }
}

impl Sketch {
    fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.counts.is_empty() {
            if self.values.len() < VALUES_MAX {
                self.values.push(value);
                return;
            }
            for kept in std::mem::take(&mut self.values) {
                self.count(bucket_of(kept), 1);
            }
        }
        self.count(bucket_of(value), 1);
    }

    fn count(&mut self, bucket: u32, by: u64) {
        if self.counts.is_empty() {
            self.first = bucket;
            self.counts.push(by);
        } else if bucket < self.first {
            let missing = (self.first - bucket) as usize;
            self.counts.splice(0..0, std::iter::repeat_n(0, missing));
            self.first = bucket;
            self.counts[0] += by;
        } else {
            let index = (bucket - self.first) as usize;
            if index >= self.counts.len() {
                self.counts.resize(index + 1, 0);
            }
            self.counts[index] += by;
        }
    }

    fn merge(&mut self, values: &[f64], buckets: &[u32], counts: &[u64]) {
        if !buckets.is_empty() && self.counts.is_empty() {
            for kept in std::mem::take(&mut self.values) {
                self.count(bucket_of(kept), 1);
            }
        }
        for (bucket, count) in buckets.iter().zip(counts) {
            self.count(*bucket, *count);
        }
        for value in values {
            self.add(*value);
        }
    }

    fn percentile(&mut self, p: f64) -> Option<f64> {
        if self.counts.is_empty() {
            return exact(&mut self.values, p);
        }
        let total: u64 = self.counts.iter().sum();
        let rank = (p * (total - 1) as f64).round() as u64;
        let mut before = 0;
        for (index, count) in self.counts.iter().enumerate() {
            before += count;
            if before > rank {
                return Some(middle_of(self.first + index as u32));
            }
        }
        None
    }

    fn bytes(&self) -> usize {
        size_of::<Sketch>() + self.values.capacity() * size_of::<f64>() + self.counts.capacity() * size_of::<u64>()
    }
}

/// Linear interpolation between the two nearest values.
fn exact(values: &mut [f64], p: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let rank = p * values.len().checked_sub(1)? as f64;
    let (low, high) = (values[rank.floor() as usize], values[rank.ceil() as usize]);
    Some(if low == high { low } else { low + (high - low) * rank.fract() })
}

/// The state columns of many sketches.
fn states<'a>(sketches: impl Iterator<Item = &'a Sketch>) -> Vec<ArrayRef> {
    let mut values = ListBuilder::new(Float64Builder::new());
    let mut buckets = ListBuilder::new(UInt32Builder::new());
    let mut counts = ListBuilder::new(UInt64Builder::new());
    for sketch in sketches {
        values.values().append_slice(&sketch.values);
        for (index, count) in sketch.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            buckets.values().append_value(sketch.first + index as u32);
            counts.values().append_value(*count);
        }
        values.append(true);
        buckets.append(true);
        counts.append(true);
    }
    vec![Arc::new(values.finish()), Arc::new(buckets.finish()), Arc::new(counts.finish())]
}

/// Feeds each row of state columns to `each` as (row, values, buckets, counts).
fn each_state(states: &[ArrayRef], mut each: impl FnMut(usize, &[f64], &[u32], &[u64])) -> Result<()> {
    let [values, buckets, counts] = states else {
        return Err(DataFusionError::Internal("the state of a percentile has three columns".into()));
    };
    let lists: [&ListArray; 3] = [values.as_list(), buckets.as_list(), counts.as_list()];
    for row in 0..values.len() {
        if lists[0].is_null(row) {
            continue;
        }
        let (values, buckets, counts) = (lists[0].value(row), lists[1].value(row), lists[2].value(row));
        each(
            row,
            values.as_primitive::<Float64Type>().values(),
            buckets.as_primitive::<UInt32Type>().values(),
            counts.as_primitive::<UInt64Type>().values(),
        );
    }
    Ok(())
}

#[derive(Debug)]
struct OneGroup {
    sketch: Sketch,
    percentile: f64,
}

impl Accumulator for OneGroup {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        values[0].as_primitive::<Float64Type>().iter().flatten().for_each(|value| self.sketch.add(value));
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.sketch.percentile(self.percentile)))
    }

    fn size(&self) -> usize {
        self.sketch.bytes()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        states(std::iter::once(&self.sketch)).iter().map(|column| ScalarValue::try_from_array(column, 0)).collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        each_state(states, |_, values, buckets, counts| self.sketch.merge(values, buckets, counts))
    }
}

#[derive(Debug)]
struct ManyGroups {
    sketches: Vec<Sketch>,
    bytes: usize,
    percentile: f64,
}

impl ManyGroups {
    fn grow(&mut self, groups: usize) {
        if groups > self.sketches.len() {
            self.sketches.resize_with(groups, Sketch::default);
        }
    }

    fn change(&mut self, group: usize, change: impl FnOnce(&mut Sketch)) {
        let sketch = &mut self.sketches[group];
        let before = sketch.values.capacity() + sketch.counts.capacity();
        change(sketch);
        let after = sketch.values.capacity() + sketch.counts.capacity();
        self.bytes += after.saturating_sub(before) * size_of::<u64>();
    }

    fn take(&mut self, emit_to: EmitTo) -> Vec<Sketch> {
        let taken = emit_to.take_needed(&mut self.sketches);
        self.bytes = self.sketches.iter().map(Sketch::bytes).sum();
        taken
    }
}

impl GroupsAccumulator for ManyGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let column = values[0].as_primitive::<Float64Type>();
        for (row, group) in group_indices.iter().enumerate() {
            let kept = opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
            if kept && column.is_valid(row) {
                let value = column.value(row);
                self.change(*group, |sketch| sketch.add(value));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let p = self.percentile;
        let column: Float64Array = self.take(emit_to).iter_mut().map(|sketch| sketch.percentile(p)).collect();
        Ok(Arc::new(column))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(states(self.take(emit_to).iter()))
    }

    fn merge_batch(&mut self, states: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.grow(total_num_groups);
        each_state(states, |row, values, buckets, counts| {
            self.change(group_indices[row], |sketch| sketch.merge(values, buckets, counts));
        })
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let column = values[0].as_primitive::<Float64Type>();
        let single = |row: usize| {
            let kept = opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
            let mut sketch = Sketch::default();
            if kept && column.is_valid(row) {
                sketch.add(column.value(row));
            }
            sketch
        };
        let sketches: Vec<Sketch> = (0..column.len()).map(single).collect();
        Ok(states(sketches.iter()))
    }

    fn size(&self) -> usize {
        self.bytes + self.sketches.capacity() * size_of::<Sketch>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_order_like_values_and_are_narrow() {
        let values = [-1e9, -2.5, -1e-9, 0.0, 1e-9, 0.3, 1.0, 1.5, 2.0, 1e6, 1e300];
        for pair in values.windows(2) {
            assert!(bucket_of(pair[0]) < bucket_of(pair[1]), "{pair:?}");
        }
        for value in values {
            let error = (middle_of(bucket_of(value)) - value).abs();
            assert!(error <= value.abs() * 0.004, "{value}: {error}");
        }
    }

    #[test]
    fn large_groups_are_within_half_a_percent() {
        let mut sketch = Sketch::default();
        (1..=100_000).for_each(|value| sketch.add(f64::from(value)));
        for p in [0.0, 0.01, 0.5, 0.9, 0.99, 1.0] {
            let exact = 1.0 + p * 99_999.0;
            let found = sketch.percentile(p).expect("has values");
            assert!((found - exact).abs() <= exact * 0.005, "{p}: {found} for {exact}");
        }
    }

    #[test]
    fn small_groups_are_exact_and_merging_equals_adding() {
        let mut small = Sketch::default();
        [4.0, 1.0, 3.0, 2.0].into_iter().for_each(|value| small.add(value));
        assert_eq!(small.percentile(0.5), Some(2.5));
        let (mut whole, mut parts) = (Sketch::default(), Sketch::default());
        for chunk in (0..1000).collect::<Vec<u32>>().chunks(300) {
            let mut part = Sketch::default();
            for value in chunk {
                whole.add(f64::from(*value));
                part.add(f64::from(*value));
            }
            let state = states(std::iter::once(&part));
            each_state(&state, |_, values, buckets, counts| parts.merge(values, buckets, counts)).expect("merges");
        }
        assert_eq!(whole.percentile(0.9), parts.percentile(0.9));
        assert_eq!(Sketch::default().percentile(0.5), None);
    }
}
