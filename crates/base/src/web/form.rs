//! Bodies of requests, read with errors that a person can use.
//!
//! [`Form`] is a page's form (urlencoded or with files): it proves the session and the form token before anything
//! else. [`Call`] is an API call with a JSON body. Neither lets an unknown field pass in silence.

use super::ctx::{Ctx, Via};
use crate::core::{App, Key};
use crate::fault::{Common, Fault, Outcome};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use kernel::{Malformed, Words};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A file that came with a form.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Field name.
    pub field: String,
    /// Name as the browser gave it.
    pub name: String,
    /// Type as the browser gave it.
    pub declared: String,
    /// Content.
    pub bytes: Bytes,
}

/// The fields of a form.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    values: BTreeMap<String, Vec<String>>,
    /// Files.
    pub files: Vec<Upload>,
}

/// A form from a page, by a signed-in person, with a valid form token.
pub struct Form {
    /// Who asks.
    pub ctx: Ctx,
    /// What was typed.
    pub fields: Fields,
}

/// An API call with a JSON body.
pub struct Call<T> {
    /// Who asks.
    pub ctx: Ctx,
    /// The body.
    pub body: T,
    /// The caller's idempotency key.
    pub key: Option<Key>,
}

/// Name of the hidden field that carries the form token.
pub const TOKEN_FIELD: &str = "_token";

/// Name of the header that may carry it instead.
pub const TOKEN_HEADER: &str = "x-csrf-token";

/// Splits `a=1&b=%E5%AE%98` into decoded pairs; bytes that are not UTF-8 become U+FFFD and are refused later.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// A field that must be filled in.
pub fn required(name: &str) -> Malformed {
    Malformed::new(
        "form.required",
        name,
        "",
        Words::new("此项没有填写", "This field is empty"),
        Words::new("请填写后重新提交", "Fill it in and submit again"),
    )
}

/// A value that is not on the list of a field.
pub fn not_listed(name: &str, given: &str) -> Malformed {
    Malformed::new(
        "form.choice",
        name,
        given,
        Words::new("不在可选范围内", "It is not on the list"),
        Words::new("请从列表中选择", "Choose one from the list"),
    )
}

fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let rest = bytes.clone();
                let hex: Vec<u8> = rest.take(2).collect();
                let code = std::str::from_utf8(&hex).ok().and_then(|h| u8::from_str_radix(h, 16).ok());
                match (code, hex.len()) {
                    (Some(code), 2) => {
                        out.push(code);
                        bytes.next();
                        bytes.next();
                    }
                    _ => out.push(b'%'),
                }
            }
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Fields {
    /// From decoded pairs.
    pub fn from_pairs(list: Vec<(String, String)>) -> Fields {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in list {
            values.entry(key).or_default().push(value);
        }
        Fields { values, files: Vec::new() }
    }
    /// The value of a field, or an empty text.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }
    /// The value of a field when it was filled in.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|v| !v.trim().is_empty())
    }
    /// All values of a field.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map(Vec::as_slice).unwrap_or_default()
    }
    /// The names of filled-in fields other than the form token.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str).filter(|name| *name != TOKEN_FIELD)
    }
    /// Refuses a field that the form does not have, and text that is not UTF-8.
    pub fn only(&self, known: &[&str]) -> Result<(), Malformed> {
        if let Some(name) = self.names().find(|name| !known.contains(name)) {
            return Err(unknown_field(name));
        }
        let broken = self.values.iter().find(|(_, all)| all.iter().any(|v| v.contains('\u{fffd}')));
        match broken {
            Some((name, all)) => Err(not_utf8(name, all.first().map_or("", String::as_str))),
            None => Ok(()),
        }
    }
}

fn unknown_field(name: &str) -> Malformed {
    Malformed::new(
        "form.unknown_field",
        name,
        name,
        Words::new("表单没有这个字段", "The form has no such field"),
        Words::new("请删除该字段后重新提交", "Remove the field and submit again"),
    )
}

fn not_utf8(name: &str, value: &str) -> Malformed {
    Malformed::new(
        "form.encoding",
        name,
        value,
        Words::new("文字编码不是UTF-8", "The text is not UTF-8"),
        Words::new("请改用UTF-8编码后重新提交", "Send it in UTF-8"),
    )
}

fn too_large(limit: usize) -> Fault {
    TooLarge { limit }.into()
}

/// A body over the cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// The cap in bytes.
    pub limit: usize,
}
crate::refusals!(TooLarge);
impl kernel::Refuse for TooLarge {
    fn code(&self) -> &'static str {
        "request.too_large"
    }
    fn kind(&self) -> kernel::Kind {
        kernel::Kind::TooLarge
    }
    fn reason(&self, lang: kernel::Lang) -> String {
        let kib = self.limit / 1024;
        lang.pick(
            &format!("提交内容超过{kib} KiB的上限"),
            &format!("The request is over the cap of {kib} KiB"),
        )
        .to_owned()
    }
    fn next(&self, lang: kernel::Lang) -> String {
        lang.pick("请缩小文件或分次提交", "Make the file smaller or send it in parts").to_owned()
    }
}

/// A media type that the address does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongType {
    /// What was sent.
    pub sent: String,
    /// What is taken.
    pub takes: &'static str,
}
crate::refusals!(WrongType);
impl kernel::Refuse for WrongType {
    fn code(&self) -> &'static str {
        "request.media_type"
    }
    fn kind(&self) -> kernel::Kind {
        kernel::Kind::Unsupported
    }
    fn field(&self) -> Option<&str> {
        Some("Content-Type")
    }
    fn value(&self) -> Option<String> {
        Some(kernel::refusal::clip(&self.sent))
    }
    fn reason(&self, lang: kernel::Lang) -> String {
        lang.pick("不接受这种内容类型", "This content type is not taken").to_owned()
    }
    fn next(&self, lang: kernel::Lang) -> String {
        lang.pick(&format!("请使用{}", self.takes), &format!("Send {}", self.takes)).to_owned()
    }
}

fn media_type(req: &Request) -> String {
    let value = req.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads a whole body up to `limit` bytes.
pub async fn whole(req: Request, limit: usize) -> Outcome<Bytes> {
    axum::body::to_bytes(req.into_body(), limit).await.map_err(|_| too_large(limit))
}

/// Reads the fields of a form of either kind.
pub async fn read_fields(req: Request, app: &App) -> Outcome<Fields> {
    let limit = app.config.server.body_limit;
    match media_type(&req).as_str() {
        "application/x-www-form-urlencoded" => {
            let bytes = whole(req, limit).await?;
            let text = std::str::from_utf8(&bytes).map_err(|_| not_utf8("body", ""))?;
            Ok(Fields::from_pairs(pairs(text)))
        }
        "multipart/form-data" => read_parts(req, app, limit).await,
        other => Err(WrongType { sent: other.to_owned(), takes: "application/x-www-form-urlencoded" }.into()),
    }
}

async fn read_parts(req: Request, app: &App, limit: usize) -> Outcome<Fields> {
    let broken = |e: axum::extract::multipart::MultipartError| {
        if e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            return too_large(limit);
        }
        let reason = Words::new("表单内容不完整", "The form's body is incomplete");
        Malformed::new(
            "form.multipart",
            "body",
            "",
            reason,
            Words::new("请重新选择文件后提交", "Choose the file again"),
        )
        .into()
    };
    let wrong = |_| WrongType { sent: "multipart".to_owned(), takes: "multipart/form-data; boundary=…" };
    let mut parts = Multipart::from_request(req, app).await.map_err(wrong)?;
    let mut list = Vec::new();
    let mut files = Vec::new();
    let mut total = 0;
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let declared = part.content_type().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(broken)?;
        total += bytes.len();
        if total > limit {
            return Err(too_large(limit));
        }
        match name {
            Some(name) if !name.is_empty() || !bytes.is_empty() => {
                files.push(Upload { field, name, declared, bytes });
            }
            Some(_) => {}
            None => list.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(Fields { files, ..Fields::from_pairs(list) })
}

impl FromRequest<App> for Form {
    type Rejection = Fault;
    async fn from_request(req: Request, app: &App) -> Result<Self, Fault> {
        let (mut parts, body) = req.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, app).await?;
        let header =
            parts.headers.get(TOKEN_HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let fields = read_fields(Request::from_parts(parts, body), app).await?;
        let proved =
            [fields.text(TOKEN_FIELD), &header].iter().any(|token| crate::same(token, &ctx.session.csrf));
        if ctx.via == Via::Cookie && !proved {
            return Err(Common::BadToken.into());
        }
        Ok(Form { ctx, fields })
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Call<T> {
    type Rejection = Fault;
    async fn from_request(req: Request, app: &App) -> Result<Self, Fault> {
        let (mut parts, body) = req.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, app).await?;
        let token = parts.headers.get(TOKEN_HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if ctx.via == Via::Cookie && !crate::same(token, &ctx.session.csrf) {
            return Err(Common::BadToken.into());
        }
        let name = parts.headers.get("idempotency-key").map(|v| v.to_str().unwrap_or_default().to_owned());
        let address = format!("{} {}", parts.method, parts.uri.path());
        let req = Request::from_parts(parts, body);
        let sent = media_type(&req);
        if sent != "application/json" {
            return Err(WrongType { sent, takes: "application/json" }.into());
        }
        let bytes = whole(req, app.config.server.body_limit).await?;
        let key = name.map(|name| key(&name, digest(&address, &bytes))).transpose()?;
        Ok(Call { ctx, body: read_json(&bytes)?, key })
    }
}

/// A caller's key with the digest of what it came with; refused when the key is no visible ASCII text.
pub fn key(name: &str, digest: String) -> Result<Key, Malformed> {
    let ok = (1..=200).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
    if !ok {
        return Err(Malformed::new(
            "request.idempotency_key",
            "Idempotency-Key",
            name,
            Words::new(
                "幂等键须为1至200个可见ASCII字符",
                "The key must be 1 to 200 visible ASCII characters",
            ),
            Words::new("请换一个键，例如UUID", "Use another key, such as a UUID"),
        ));
    }
    Ok(Key { name: name.to_owned(), digest })
}

fn digest(address: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(address.as_bytes());
    hash.update([0]);
    hash.update(body);
    crate::hex(&hash.finalize())
}

/// Reads JSON with an error that names the place.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Malformed> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(not_utf8("body", ""));
    }
    serde_json::from_slice(bytes).map_err(|e| {
        let text = e.to_string();
        // serde words an unknown or missing field as: unknown field `x`, expected …
        let field = text.split('`').nth(1).unwrap_or("body").to_owned();
        let place = format!("{}:{}", e.line(), e.column());
        Malformed::new(
            "request.json",
            &field,
            &place,
            Words::new(format!("JSON不符合要求：{text}"), format!("The JSON does not fit: {text}")),
            Words::new("请对照/api/v1/openapi.json修改", "Compare it with /api/v1/openapi.json"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_decode_and_keep_what_is_broken_visible() {
        let list = pairs("a=%E5%AE%98%E6%B8%A1&b=1+2&c&d=%zz");
        let texts: Vec<&str> = list.iter().map(|(_, v)| v.as_str()).collect();
        assert_eq!(texts, ["官渡", "1 2", "", "%zz"]);
        assert!(Fields::from_pairs(pairs("a=%ff")).only(&["a"]).is_err());
        assert!(Fields::from_pairs(pairs("x=1")).only(&["a"]).is_err());
    }
}
