//! Local cache folders that the engine reads and writes: containerd's content service for an OCI image layout.

use super::grpc::{Call, Responder, Status};
use super::packets::{self, Incoming, Outgoing};
use super::proto::{
    ContentInfo, ContentInfoResponse, ContentRequest, ReadResponse, WriteAction, WriteRequest, WriteResponse,
};
use bytes::BytesMut;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const SERVICE: &str = "/containerd.services.content.v1.Content/";
/// The data of a blob in one message, in bytes.
const PIECE: usize = 64 << 10;
/// The tag of the latest results in the folder's index.
const TAG: &str = "latest";
const NAME: &str = "org.opencontainers.image.ref.name";

/// The folders, by the store IDs that the engine uses.
#[derive(Default)]
pub(super) struct Stores(pub(super) HashMap<String, PathBuf>);

impl Stores {
    /// Serves a call of the content service. Returns a call of another service to the caller.
    pub(super) async fn serve(&self, path: &str, call: Call) -> Result<(Responder, Result<(), Status>), Call> {
        let Some(method) = path.strip_prefix(SERVICE) else { return Err(call) };
        let id = call.header("buildkit-attachable-store-id").into_iter().next().unwrap_or_default();
        let Some(store) = self.0.get(&id).cloned() else {
            return Ok(call.refuse(Status::not_found(format!("the build has no cache folder {id:?}"))));
        };
        Ok(match method {
            "Info" => call.reply(async |asked: ContentRequest| info(&store, &asked.digest)).await,
            "Read" => packets::serve(call, move |engine, to| read(&store, engine, &to)).await,
            "Write" => packets::serve(call, move |engine, to| write(&store, engine, &to)).await,
            "Status" => call.refuse(Status::not_found("there are no incomplete writes")),
            _ => call.refuse(Status::unimplemented()),
        })
    }
}

/// Returns a blob's path. Accepts only a sha256 digest, so that nothing else can be reached.
fn blob(store: &Path, digest: &str) -> Result<PathBuf, Status> {
    let hex = digest
        .strip_prefix("sha256:")
        .filter(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let hex = hex.ok_or_else(|| Status::unknown(format!("{digest:?} is not a sha256 digest")))?;
    Ok(store.join("blobs/sha256").join(hex))
}

fn info(store: &Path, digest: &str) -> Result<ContentInfoResponse, Status> {
    let missing = |_| Status::not_found(format!("content {digest}: not found"));
    let size = fs::metadata(blob(store, digest)?).map_err(missing)?.len();
    let info = ContentInfo { digest: digest.to_owned(), size: i64::try_from(size).unwrap_or(i64::MAX) };
    Ok(ContentInfoResponse { info: Some(info) })
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Status {
    move |error| Status::unknown(format!("the cache folder's {}: {error}", path.display()))
}

fn read(store: &Path, mut engine: Incoming<ContentRequest>, to: &Outgoing) -> Result<(), Status> {
    let Some(asked) = engine.next()? else { return Ok(()) };
    let path = blob(store, &asked.digest)?;
    let mut file = File::open(&path).map_err(|_| Status::not_found(format!("content {}: not found", asked.digest)))?;
    let mut offset = u64::try_from(asked.offset).unwrap_or_default();
    file.seek(SeekFrom::Start(offset)).map_err(failed(&path))?;
    let mut left = u64::try_from(asked.size).ok().filter(|size| *size > 0).unwrap_or(u64::MAX);
    while left > 0 {
        let mut buffer = BytesMut::zeroed(PIECE.min(usize::try_from(left).unwrap_or(PIECE)));
        let length = file.read(&mut buffer).map_err(failed(&path))?;
        if length == 0 {
            break;
        }
        buffer.truncate(length);
        to.message(&ReadResponse { offset: i64::try_from(offset).unwrap_or(i64::MAX), data: buffer.freeze() })?;
        offset += length as u64;
        left -= length as u64;
    }
    Ok(())
}

/// A blob that is being written. Only a commit makes it visible as a blob.
struct Part {
    path: PathBuf,
    file: File,
    hash: hmac_sha256::Hash,
    length: u64,
}

impl Part {
    fn begin(store: &Path) -> Result<Self, Status> {
        let folder = store.join("ingest");
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let path = folder.join(crate::wire::random_id());
        let file = File::create_new(&path).map_err(failed(&path))?;
        Ok(Self { path, file, hash: hmac_sha256::Hash::new(), length: 0 })
    }

    fn add(&mut self, asked: &WriteRequest) -> Result<(), Status> {
        if !asked.data.is_empty() && u64::try_from(asked.offset) != Ok(self.length) {
            return Err(Status::unknown(format!(
                "the write at offset {} does not continue at {}",
                asked.offset, self.length
            )));
        }
        self.file.write_all(&asked.data).map_err(failed(&self.path))?;
        self.hash.update(&asked.data);
        self.length += asked.data.len() as u64;
        Ok(())
    }

    fn commit(&mut self, store: &Path, expected: &str) -> Result<String, Status> {
        let digest = format!("sha256:{}", crate::wire::hex(&self.hash.finalize()));
        if !expected.is_empty() && expected != digest {
            return Err(Status::unknown(format!("expected the digest {expected}, but {digest} was written")));
        }
        let path = blob(store, &digest)?;
        fs::create_dir_all(path.parent().unwrap_or(store)).map_err(failed(&path))?;
        self.file.sync_all().and_then(|()| fs::rename(&self.path, &path)).map_err(failed(&path))?;
        Ok(digest)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path); // fails if it was committed
    }
}

fn write(store: &Path, mut engine: Incoming<WriteRequest>, to: &Outgoing) -> Result<(), Status> {
    let mut part = None;
    while let Some(asked) = engine.next()? {
        if part.is_none() && !asked.expected.is_empty() && blob(store, &asked.expected)?.exists() {
            return Err(Status { code: 6, message: format!("content {}: already exists", asked.expected) });
        }
        let part: &mut Part = match &mut part {
            Some(part) => part,
            none => none.insert(Part::begin(store)?),
        };
        part.add(&asked)?;
        let mut said = WriteResponse { action: asked.action, total: asked.total, ..WriteResponse::default() };
        said.offset = i64::try_from(part.length).unwrap_or(i64::MAX);
        if asked.action() == WriteAction::Commit {
            said.digest = part.commit(store, &asked.expected)?;
            return to.message(&said);
        }
        to.message(&said)?;
    }
    Ok(())
}

/// Returns the digest of the results in a folder, or `None` if there are none yet.
pub(super) fn tagged(store: &Path) -> Option<String> {
    let index: Value = serde_json::from_slice(&fs::read(store.join("index.json")).ok()?).ok()?;
    let manifests = index.get("manifests")?.as_array()?;
    let is_tagged =
        |manifest: &&Value| manifest.pointer("/annotations").and_then(|all| all.get(NAME)?.as_str()) == Some(TAG);
    let digest = manifests.iter().find(is_tagged)?.get("digest")?.as_str()?.to_owned();
    info(store, &digest).ok().map(|_| digest)
}

/// Records the latest results in the folder's index.
pub(super) fn tag(store: &Path, manifest: &str) -> Result<(), String> {
    let cannot = |error: &dyn std::fmt::Display| format!("the index of the cache folder {}: {error}", store.display());
    let mut manifest: Value = serde_json::from_str(manifest).map_err(|error| cannot(&error))?;
    if let Some(manifest) = manifest.as_object_mut() {
        manifest.insert("annotations".to_owned(), json!({ NAME: TAG }));
    }
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [manifest],
    });
    let part = store.join(format!("index.{}.part", crate::wire::random_id()));
    let written = fs::write(store.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)
        .and_then(|()| fs::write(&part, index.to_string()))
        .and_then(|()| fs::rename(&part, store.join("index.json")));
    written.map_err(|error| cannot(&error))
}
