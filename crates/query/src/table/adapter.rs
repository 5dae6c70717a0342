//! From the columns of the table to the columns of one segment.
//!
//! A column of another type is cast, a column that is not there is null, and an attribute that lies in the overflow
//! of some rows is completed from there. A captured event is put together from the columns that hold its parts.
//! Differences in metadata only are none.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{Field, SchemaRef};
use datafusion::common::ScalarValue;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::ScalarUDF;
use datafusion::physical_expr::expressions::{CastExpr, Column, Literal};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_expr_adapter::{PhysicalExprAdapter, PhysicalExprAdapterFactory};
use whodunit_model::{Table, parts};

use super::schema::{OVERFLOW, attribute_type, is_event};
use crate::functions::{attribute_function, event_function};

/// Makes adapters for segments in whose overflow only the named attributes lie, if any.
#[derive(Clone, Debug)]
pub struct SegmentAdapters {
    pub table: Table,
    pub overflowing: Arc<BTreeSet<String>>,
    pub options: Arc<ConfigOptions>,
}

impl PhysicalExprAdapterFactory for SegmentAdapters {
    fn create(&self, logical: SchemaRef, physical: SchemaRef) -> Result<Arc<dyn PhysicalExprAdapter>> {
        Ok(Arc::new(SegmentAdapter { scan: self.clone(), logical, physical }))
    }
}

#[derive(Debug)]
struct SegmentAdapter {
    scan: SegmentAdapters,
    logical: SchemaRef,
    physical: SchemaRef,
}

impl PhysicalExprAdapter for SegmentAdapter {
    fn rewrite(&self, expression: Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>> {
        // From below, so that the columns inside what is put in are not rewritten again.
        let rewrite = |expression: Arc<dyn PhysicalExpr>| match expression.downcast_ref::<Column>() {
            Some(column) => Ok(Transformed::yes(self.column(column)?)),
            None => Ok(Transformed::no(expression)),
        };
        expression.transform_up(rewrite).data()
    }
}

impl SegmentAdapter {
    fn column(&self, column: &Column) -> Result<Arc<dyn PhysicalExpr>> {
        let wanted = self.logical.field_with_name(column.name())?;
        let own = self.own(wanted)?;
        if is_event(self.scan.table, column.name()) {
            let part = |name: &&str| self.own(self.logical.field_with_name(name)?);
            let parts: Vec<_> = parts::NAMES.iter().map(part).collect::<Result<_>>()?;
            return self.call(event_function(), [vec![own], parts].concat());
        }
        let (Some(kind), Ok(overflow)) = (attribute_type(self.scan.table, wanted), self.physical.index_of(OVERFLOW))
        else {
            return Ok(own);
        };
        if !self.scan.overflowing.contains(column.name()) {
            return Ok(own);
        }
        let name = Literal::new(ScalarValue::Utf8View(Some(column.name().to_owned())));
        self.call(attribute_function(kind), vec![own, Arc::new(Column::new(OVERFLOW, overflow)), Arc::new(name)])
    }

    /// The column of the segment in the type of the table.
    fn own(&self, wanted: &Field) -> Result<Arc<dyn PhysicalExpr>> {
        Ok(match self.physical.column_with_name(wanted.name()) {
            Some((index, found)) if found.data_type() == wanted.data_type() => {
                Arc::new(Column::new(wanted.name(), index))
            }
            Some((index, _)) => {
                let found = Arc::new(Column::new(wanted.name(), index));
                Arc::new(CastExpr::new(found, wanted.data_type().clone(), None))
            }
            None => Arc::new(Literal::new(ScalarValue::try_from(wanted.data_type())?)),
        })
    }

    fn call(&self, function: Arc<ScalarUDF>, of: Vec<Arc<dyn PhysicalExpr>>) -> Result<Arc<dyn PhysicalExpr>> {
        Ok(Arc::new(ScalarFunctionExpr::try_new(function, of, &self.physical, self.scan.options.clone())?))
    }
}
