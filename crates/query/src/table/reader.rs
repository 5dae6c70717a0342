//! How DataFusion's Parquet reader reads a segment: footer and page index come from the store's cache.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetFileReaderFactory;
use datafusion::error::{DataFusionError, Result};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt;
use futures::future::BoxFuture;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use whodunit_store::Store;
use whodunit_store::segment::{SegmentMeta, SegmentReader};

/// Opens the segments of a scan. A file carries its [`SegmentMeta`] as an extension.
pub struct SegmentFiles {
    pub store: Store,
}

impl std::fmt::Debug for SegmentFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SegmentFiles")
    }
}

impl ParquetFileReaderFactory for SegmentFiles {
    fn create_reader(
        &self,
        _partition: usize,
        file: PartitionedFile,
        _metadata_size_hint: Option<usize>,
        _metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let meta = file
            .extension::<Arc<SegmentMeta>>()
            .ok_or_else(|| DataFusionError::Internal(format!("{} is no segment", file.object_meta.location)))?;
        Ok(Box::new(SegmentFile { store: self.store.clone(), meta: meta.clone(), reader: None }))
    }
}

struct SegmentFile {
    store: Store,
    meta: Arc<SegmentMeta>,
    reader: Option<Arc<SegmentReader>>,
}

impl SegmentFile {
    async fn reader(&mut self) -> parquet::errors::Result<Arc<SegmentReader>> {
        if let Some(reader) = &self.reader {
            return Ok(reader.clone());
        }
        let reader = self.store.reader(&self.meta).await.map_err(failed)?;
        Ok(self.reader.insert(reader).clone())
    }
}

fn failed(error: whodunit_store::Error) -> ParquetError {
    ParquetError::External(Box::new(crate::error::Error::from(error)))
}

impl AsyncFileReader for SegmentFile {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, parquet::errors::Result<Bytes>> {
        async move {
            let reader = self.reader().await?;
            reader.objects().get_range(reader.path(), range).await.map_err(failed)
        }
        .boxed()
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, parquet::errors::Result<Vec<Bytes>>> {
        async move {
            let reader = self.reader().await?;
            reader.objects().get_ranges(reader.path(), &ranges).await.map_err(failed)
        }
        .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, parquet::errors::Result<Arc<ParquetMetaData>>> {
        async move { Ok(self.reader().await?.parquet()) }.boxed()
    }
}
