//! Files that pages load: embedded in the binary, named by their content, compressed beforehand.
//!
//! A page links `/assets/{hash}/{name}`; the hash is of the file itself, so the answer may be cached for a year and
//! a new release is seen at once. The route handler calls [`asset`] with the name, ignores a stale hash (an old page
//! must still get its style), and sends `br` to a client that takes it.
//!
//! Origins, versions and licences: `assets/VENDOR.md`. The files are rebuilt by `assets/build/build.mjs`.

use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The folder as rust-embed sees it (debug builds read it from disk).
#[derive(RustEmbed)]
#[folder = "assets/dist"]
struct Files;

/// One file as it is sent.
#[derive(Debug, Clone)]
pub struct Asset {
    /// The file.
    pub bytes: Cow<'static, [u8]>,
    /// The same under brotli, when it was compressed beforehand.
    pub br: Option<Cow<'static, [u8]>>,
    /// Content type with charset.
    pub mime: &'static str,
    /// Hash of the uncompressed file, in hexadecimal: the validator once it is put between quotes.
    pub etag: String,
}

/// The table of all files, read once: the set of files cannot change while the program runs.
static TABLE: LazyLock<BTreeMap<String, (Asset, String)>> = LazyLock::new(|| {
    let names = Files::iter().filter(|name| !name.ends_with(".br"));
    names.filter_map(|name| load(&name).map(|loaded| (name.into_owned(), loaded))).collect()
});

fn load(name: &str) -> Option<(Asset, String)> {
    let file = Files::get(name)?;
    let hash: String = file.metadata.sha256_hash().iter().take(8).map(|b| format!("{b:02x}")).collect();
    let br = Files::get(&format!("{name}.br")).map(|packed| packed.data);
    Some((Asset { bytes: file.data, br, mime: mime(name), etag: hash.clone() }, hash))
}

/// The content type by ending; unknown endings are bytes, which a browser will not run.
fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The file called `name` (such as `gd.css`), or `None`: the compressed copies and anything outside have no name.
pub fn asset(name: &str) -> Option<&'static Asset> {
    TABLE.get(name).map(|(asset, _)| asset)
}

/// Where a page finds `name`: `/assets/{hash}/{name}`. A name that does not exist gets a hash of zero and a 404,
/// which the test `assets_that_pages_load_exist` would show first.
///
/// `gd.css` loads its font by relative address, so the font answers under the stylesheet's hash too.
pub fn asset_url(name: &str) -> String {
    let hash = TABLE.get(name).map_or("0", |(_, hash)| hash.as_str());
    format!("/assets/{hash}/{name}")
}
