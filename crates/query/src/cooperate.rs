//! Two repairs of finished plans.
//!
//! DataFusion yields at the leaves of a plan, but a join can make billions of rows of one batch before it asks a leaf
//! again: such operators yield too, so that a time limit can end them. And its limit pushdown forgets that a scan with
//! a declared order must keep it, after which partitions steal each other's files: such scans are told again.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::joins::{CrossJoinExec, HashJoinExec, NestedLoopJoinExec, SortMergeJoinExec};
use datafusion::physical_plan::unnest::UnnestExec;

#[derive(Debug, Default)]
pub struct YieldInJoins;

impl PhysicalOptimizerRule for YieldInJoins {
    fn name(&self) -> &str {
        "yield_in_joins"
    }

    fn schema_check(&self) -> bool {
        true
    }

    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _config: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let wrap = |plan: Arc<dyn ExecutionPlan>| {
            if multiplies(plan.as_ref()) {
                Ok(Transformed::yes(Arc::new(CooperativeExec::new(plan)) as Arc<dyn ExecutionPlan>))
            } else {
                Ok(Transformed::no(plan))
            }
        };
        plan.transform_up(wrap).data()
    }
}

/// Scans that declare an order keep it.
#[derive(Debug, Default)]
pub struct KeepDeclaredOrder;

impl PhysicalOptimizerRule for KeepDeclaredOrder {
    fn name(&self) -> &str {
        "keep_declared_order"
    }

    fn schema_check(&self) -> bool {
        true
    }

    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _config: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let keep = |plan: Arc<dyn ExecutionPlan>| {
            let ordered = plan.is::<DataSourceExec>() && plan.properties().output_ordering().is_some();
            match plan.with_preserve_order(true).filter(|_| ordered) {
                Some(kept) => Ok(Transformed::yes(kept)),
                None => Ok(Transformed::no(plan)),
            }
        };
        plan.transform_up(keep).data()
    }
}

fn multiplies(plan: &dyn ExecutionPlan) -> bool {
    plan.is::<CrossJoinExec>()
        || plan.is::<NestedLoopJoinExec>()
        || plan.is::<HashJoinExec>()
        || plan.is::<SortMergeJoinExec>()
        || plan.is::<UnnestExec>()
}
