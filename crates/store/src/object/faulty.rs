//! Seeded failures in front of any store, for tests and the simulator.
//!
//! A failed write may or may not have happened, as on a real network: half of the failures come after the act.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result, UploadPart,
};
use parking_lot::Mutex;

/// How many of 1000 operations fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultRates {
    pub write: u16,
    pub read: u16,
    pub list: u16,
    pub delete: u16,
}

/// Handle on the failures of one store. Clones share state.
#[derive(Clone, Debug)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    rates: FaultRates,
    random: u64,
    injected: u64,
    /// Operations that still happen before none does any more.
    left: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Before,
    After,
}

impl Faults {
    pub fn new(seed: u64, rates: FaultRates) -> Faults {
        Faults(Arc::new(Mutex::new(State { rates, random: seed, injected: 0, left: None })))
    }

    pub fn set(&self, rates: FaultRates) {
        self.0.lock().rates = rates;
    }

    /// After so many more operations none happens any more, as when the power goes out while somebody is at work.
    pub fn stop_after(&self, operations: u64) {
        self.0.lock().left = Some(operations);
    }

    /// Operations happen again after [`Faults::stop_after`].
    pub fn resume(&self) {
        self.0.lock().left = None;
    }

    /// How many failures there have been.
    pub fn injected(&self) -> u64 {
        self.0.lock().injected
    }

    fn draw(&self, rate: impl Fn(&FaultRates) -> u16) -> Fault {
        let mut state = self.0.lock();
        match &mut state.left {
            Some(0) => return Fault::Before,
            Some(left) => *left -= 1,
            None => {}
        }
        // splitmix64: small, seeded, good enough to scatter failures.
        state.random = state.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        if mixed % 1000 >= u64::from(rate(&state.rates)) {
            return Fault::None;
        }
        state.injected += 1;
        if (mixed >> 32) & 1 == 0 { Fault::Before } else { Fault::After }
    }
}

fn injected(act: &str, path: &str) -> object_store::Error {
    object_store::Error::Generic { store: "faulty", source: format!("injected fault: {act} {path}").into() }
}

#[derive(Debug)]
pub struct FaultyObjects {
    store: Arc<dyn ObjectStore>,
    faults: Faults,
}

impl FaultyObjects {
    pub fn new(store: Arc<dyn ObjectStore>, faults: Faults) -> FaultyObjects {
        FaultyObjects { store, faults }
    }
}

impl fmt::Display for FaultyObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with faults", self.store)
    }
}

#[async_trait]
impl ObjectStore for FaultyObjects {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let fault = self.faults.draw(|rates| rates.write);
        if fault == Fault::Before {
            return Err(injected("put", location.as_ref()));
        }
        let result = self.store.put_opts(location, payload, options).await?;
        if fault == Fault::After { Err(injected("answer to put", location.as_ref())) } else { Ok(result) }
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        if self.faults.draw(|rates| rates.write) == Fault::Before {
            return Err(injected("start of upload", location.as_ref()));
        }
        let upload = self.store.put_multipart_opts(location, options).await?;
        Ok(Box::new(FaultyUpload { upload, faults: self.faults.clone(), path: location.to_string() }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if self.faults.draw(|rates| rates.read) != Fault::None {
            return Err(injected("get", location.as_ref()));
        }
        self.store.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let faults = self.faults.clone();
        let screened = locations.map(move |location| {
            let location = location?;
            match faults.draw(|rates| rates.delete) {
                Fault::None => Ok(location),
                _ => Err(injected("delete", location.as_ref())),
            }
        });
        self.store.delete_stream(screened.boxed())
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        if self.faults.draw(|rates| rates.list) != Fault::None {
            let error = injected("list", prefix.map_or("", |prefix| prefix.as_ref()));
            return futures::stream::once(async move { Err(error) }).boxed();
        }
        self.store.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        if self.faults.draw(|rates| rates.list) != Fault::None {
            return Err(injected("list", prefix.map_or("", |prefix| prefix.as_ref())));
        }
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        if self.faults.draw(|rates| rates.write) == Fault::Before {
            return Err(injected("copy", from.as_ref()));
        }
        self.store.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct FaultyUpload {
    upload: Box<dyn MultipartUpload>,
    faults: Faults,
    path: String,
}

#[async_trait]
impl MultipartUpload for FaultyUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        if self.faults.draw(|rates| rates.write) == Fault::Before {
            let error = injected("part of", &self.path);
            return Box::pin(async move { Err(error) });
        }
        self.upload.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let fault = self.faults.draw(|rates| rates.write);
        if fault == Fault::Before {
            return Err(injected("end of upload", &self.path));
        }
        let result = self.upload.complete().await?;
        if fault == Fault::After { Err(injected("answer to upload", &self.path)) } else { Ok(result) }
    }

    async fn abort(&mut self) -> Result<()> {
        self.upload.abort().await
    }
}
