//! Packs read family by family: what is stored as a difference is unpacked right after what it differs from, so that nothing is unpacked twice.

use super::open::LARGEST;
use gix::ObjectId;
use gix::hashtable::HashMap;
use gix::object::Kind;
use gix::odb::pack;
use gix::odb::pack::data::entry::Header;
use gix::zlib::{Inflate, Status};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of unpacked objects that one thread keeps for what differs from them; beyond it their families are read object by object.
const KEPT: usize = 16 * 1024 * 1024;
/// Unpacked objects above this size, bytes, are dealt with by one thread at a time.
const BIG: usize = 4 * 1024 * 1024;
/// Bytes of a buffer that is kept to be used again.
const SPARE: usize = 1024 * 1024;
/// Longest head of an object in a pack, bytes (gitformat-pack: type and size, then the place or the name of what it differs from).
const HEAD: usize = 64;
/// Marks an object that is not wanted.
const NOBODY: u32 = u32::MAX;

/// Where one object stands in its pack.
struct Entry {
    at: u64,
    /// Its number among all objects.
    number: u32,
    /// Bytes that are unpacked here: of the object itself, or of its difference.
    size: u32,
    /// Where the list of those that differ from it begins.
    children: u32,
    head: u8,
    /// Its kind, unless it is a difference.
    kind: Option<Kind>,
}

/// One pack: where its objects stand, and which differs from which.
pub(super) struct Pack {
    file: File,
    entries: Vec<Entry>,
    children: Vec<u32>,
}

/// The first object of a family: a pack, and a place in it.
#[derive(Clone, Copy)]
pub(super) struct Root {
    pub pack: u32,
    entry: u32,
}

/// What one thread works with.
#[derive(Default)]
pub(super) struct Desk {
    inflate: Inflate,
    packed: Vec<u8>,
    delta: Vec<u8>,
    free: Vec<Vec<u8>>,
}

impl Pack {
    /// The packs in a folder of objects that hold mostly what is new: objects from `old` on. Others are read object by object.
    pub(super) fn all(objects: &Path, numbers: &HashMap<ObjectId, u32>, old: u32) -> Vec<Self> {
        let files = std::fs::read_dir(objects.join("pack")).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "idx")).collect();
        files.sort();
        files.iter().filter_map(|path| Self::open(path, numbers, old)).collect()
    }

    fn open(path: &Path, numbers: &HashMap<ObjectId, u32>, old: u32) -> Option<Self> {
        let index = pack::index::File::at(path, gix::hash::Kind::Sha1).ok()?;
        let fresh = |id: &ObjectId| numbers.get(id).copied().filter(|number| *number >= old);
        let new = index.iter().filter(|entry| fresh(&entry.oid).is_some()).count();
        if new == 0 || new * 2 < index.num_objects() as usize {
            return None;
        }
        let path = path.with_extension("pack");
        path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
        let file = File::open(path).ok()?;
        let all = index.iter().map(|entry| (entry.pack_offset, fresh(&entry.oid).unwrap_or(NOBODY)));
        let mut places: Vec<(u64, u32)> = all.collect();
        places.sort_unstable();
        let find = |at: u64| places.binary_search_by_key(&at, |(at, _)| *at).ok();
        let mut entries: Vec<Entry> = Vec::with_capacity(places.len());
        let mut bases: Vec<u32> = Vec::with_capacity(places.len());
        heads(&file, &places, |at, number, head| {
            let size = head.as_ref().map(|head| head.decompressed_size).filter(|size| *size <= LARGEST as u64);
            let base = head.as_ref().and_then(|head| match head.header {
                Header::OfsDelta { base_distance } => find(head.checked_base_pack_offset(base_distance)?),
                Header::RefDelta { base_id } => find(index.pack_offset_at_index(index.lookup(base_id)?)),
                _ => None,
            });
            bases.push(base.and_then(|base| u32::try_from(base).ok()).unwrap_or(NOBODY));
            entries.push(Entry {
                at,
                number,
                size: size.and_then(|size| u32::try_from(size).ok()).unwrap_or(u32::MAX),
                children: 0,
                head: head.as_ref().and_then(|head| u8::try_from(head.header_size()).ok()).unwrap_or_default(),
                kind: head.and_then(|head| head.header.as_kind()),
            });
        })?;
        let differing = || bases.iter().zip(0u32..).filter(|(base, _)| **base != NOBODY);
        differing().for_each(|(base, _)| entries[*base as usize].children += 1);
        let mut sum = 0;
        for entry in &mut entries {
            sum += entry.children;
            entry.children = sum;
        }
        let mut children = vec![0; sum as usize];
        for (base, entry) in differing() {
            let base = &mut entries[*base as usize];
            base.children -= 1;
            children[base.children as usize] = entry;
        }
        Some(Self { file, entries, children })
    }

    /// The first objects of all families, those of files or those of anything else.
    pub(super) fn roots(&self, pack: usize, blobs: bool) -> impl Iterator<Item = Root> {
        let pack = u32::try_from(pack).unwrap_or(u32::MAX);
        let entries = self.entries.iter().zip(0u32..).filter(|(entry, _)| entry.size != u32::MAX);
        let first = entries.filter(move |(entry, _)| entry.kind.is_some_and(|kind| (kind == Kind::Blob) == blobs));
        first.map(move |(_, entry)| Root { pack, entry })
    }

    /// Objects that are wanted.
    pub(super) fn wanted(&self) -> impl Iterator<Item = u32> {
        self.entries.iter().map(|entry| entry.number).filter(|number| *number != NOBODY)
    }

    fn children(&self, entry: u32) -> std::ops::Range<u32> {
        let end = self.entries.get(entry as usize + 1).map_or(self.children.len(), |next| next.children as usize);
        self.entries[entry as usize].children..u32::try_from(end).unwrap_or_default()
    }

    /// Unpacks a family, and shows each wanted object of it with its number; `false` from `visit` ends it.
    pub(super) fn family(
        &self,
        root: Root,
        desk: &mut Desk,
        alone: &Mutex<()>,
        visit: &mut impl FnMut(u32, Kind, &[u8]) -> bool,
    ) {
        let Some(kind) = self.entries[root.entry as usize].kind else { return };
        let mut guard: Option<MutexGuard<'_, ()>> = None;
        let mut bytes = desk.buffer();
        self.wait(root.entry, alone, &mut guard, 0);
        if !self.unpack(root.entry, desk, &mut bytes) || !self.shown(root.entry, kind, &bytes, visit) {
            return;
        }
        // Objects with the part of their children that is left; the last child takes its base's place.
        let mut open = vec![(bytes, self.children(root.entry))];
        let mut kept = open[0].0.len();
        while let Some((base, left)) = open.last_mut() {
            let Some(at) = left.next() else {
                kept -= base.len();
                desk.give(open.pop());
                continue;
            };
            let child = self.children[at as usize];
            let mut delta = std::mem::take(&mut desk.delta);
            let mut bytes = desk.buffer();
            self.wait(child, alone, &mut guard, base.len());
            let mut good = self.unpack(child, desk, &mut delta);
            if target(&delta).is_some_and(|size| size > BIG) {
                hold(alone, &mut guard);
            }
            good = good && apply(base, &delta, &mut bytes).is_some();
            desk.delta = delta;
            if good && !self.shown(child, kind, &bytes, visit) {
                return;
            }
            let further = self.children(child);
            if left.start >= left.end {
                kept -= base.len();
                desk.give(open.pop());
            }
            if good && !further.is_empty() && (open.is_empty() || kept + bytes.len() <= KEPT) {
                kept += bytes.len();
                open.push((bytes, further));
            } else {
                desk.give(Some((bytes, further)));
            }
        }
    }

    /// Large objects are not held by several threads at once.
    fn wait<'m>(&self, entry: u32, alone: &'m Mutex<()>, guard: &mut Option<MutexGuard<'m, ()>>, base: usize) {
        if (self.entries[entry as usize].size as usize).max(base) > BIG {
            hold(alone, guard);
        }
    }

    fn shown(&self, entry: u32, kind: Kind, bytes: &[u8], visit: &mut impl FnMut(u32, Kind, &[u8]) -> bool) -> bool {
        let number = self.entries[entry as usize].number;
        number == NOBODY || visit(number, kind, bytes)
    }

    /// The bytes of an object, or of its difference, as they were before they were packed.
    fn unpack(&self, entry: u32, desk: &mut Desk, into: &mut Vec<u8>) -> bool {
        let Entry { at, size, head, .. } = self.entries[entry as usize];
        if size == u32::MAX {
            return false;
        }
        let (begin, size) = (at + u64::from(head), size as usize);
        let next = self.entries.get(entry as usize + 1).map(|next| next.at);
        // Stored as they are, bytes take a little more room than they have (RFC 1951 section 3.2.4).
        let most = (size + size / 500 + 1_024) as u64;
        let length = next.map_or(most, |next| next.saturating_sub(begin).min(most));
        desk.packed.resize(usize::try_from(length).unwrap_or_default(), 0);
        let Ok(read) = read_at(&self.file, &mut desk.packed, begin) else { return false };
        into.clear();
        into.resize(size, 0);
        desk.inflate.reset();
        let done = desk.inflate.once(&desk.packed[..read], into);
        done.is_ok_and(|(status, _, written)| written == size && matches!(status, Status::StreamEnd | Status::Ok))
    }
}

impl Desk {
    fn buffer(&mut self) -> Vec<u8> {
        self.free.pop().unwrap_or_default()
    }

    /// Takes back a buffer that is done with; large ones are let go.
    fn give(&mut self, done: Option<(Vec<u8>, std::ops::Range<u32>)>) {
        self.free.extend(done.map(|(bytes, _)| bytes).filter(|bytes| bytes.capacity() <= SPARE));
        self.free.truncate(8);
    }
}

fn hold<'m>(alone: &'m Mutex<()>, guard: &mut Option<MutexGuard<'m, ()>>) {
    if guard.is_none() {
        *guard = Some(alone.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The heads of all objects, read in one go; none for one that cannot be read.
fn heads(file: &File, places: &[(u64, u32)], mut take: impl FnMut(u64, u32, Option<pack::data::Entry>)) -> Option<()> {
    let mut from = BufReader::with_capacity(256 * 1024, file);
    let (mut window, mut at): (Vec<u8>, u64) = (Vec::new(), 0);
    for (place, number) in places {
        let gone = place.saturating_sub(at).min(window.len() as u64);
        window.drain(..usize::try_from(gone).ok()?);
        at += gone;
        if *place > at {
            from.seek_relative(i64::try_from(place - at).ok()?).ok()?;
            at = *place;
        }
        let lacking = HEAD.saturating_sub(window.len());
        from.by_ref().take(lacking as u64).read_to_end(&mut window).ok()?;
        take(*place, *number, pack::data::Entry::from_bytes(&window, *place, gix::hash::Kind::Sha1).ok());
    }
    Some(())
}

#[cfg(unix)]
fn once_at(file: &File, into: &mut [u8], at: u64) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn once_at(file: &File, into: &mut [u8], at: u64) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

/// Reads until the buffer is full or the file ends.
fn read_at(file: &File, into: &mut [u8], at: u64) -> std::io::Result<usize> {
    let mut done = 0;
    while done < into.len() {
        match once_at(file, &mut into[done..], at + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// A size as differences begin with it: seven bits a byte, the lowest first.
fn size(delta: &mut &[u8]) -> Option<usize> {
    let mut size = 0u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = delta.split_first()?;
        *delta = rest;
        size |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(size).ok();
        }
    }
    None
}

/// How large the object is that a difference leads to.
fn target(mut delta: &[u8]) -> Option<usize> {
    size(&mut delta)?;
    size(&mut delta)
}

/// Makes an object of what it differs from (gitformat-pack, deltified representation).
fn apply(base: &[u8], mut delta: &[u8], into: &mut Vec<u8>) -> Option<()> {
    let (before, after) = (size(&mut delta)?, size(&mut delta)?);
    (before == base.len() && after <= LARGEST).then_some(())?;
    into.clear();
    into.reserve(after);
    while let Some((order, rest)) = delta.split_first() {
        delta = rest;
        let piece = if order & 0x80 == 0 {
            let (piece, rest) = delta.split_at_checked(usize::from(*order)).filter(|_| *order != 0)?;
            delta = rest;
            piece
        } else {
            let mut number = |bits: std::ops::Range<u32>| {
                let mut number = 0usize;
                for (place, bit) in bits.enumerate() {
                    if order >> bit & 1 == 1 {
                        let (byte, rest) = delta.split_first()?;
                        delta = rest;
                        number |= usize::from(*byte) << (8 * place);
                    }
                }
                Some(number)
            };
            let (from, length) = (number(0..4)?, number(4..7)?);
            let length = if length == 0 { 0x1_0000 } else { length };
            base.get(from..from.checked_add(length)?)?
        };
        (into.len() + piece.len() <= after).then_some(())?;
        into.extend_from_slice(piece);
    }
    (into.len() == after).then_some(())
}
