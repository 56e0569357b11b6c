//! Units, posts, duty lists, policy and notices in the API.

use super::api::{Items, Named, json, replied};
use super::mandates::Filter;
use super::reading;
use super::units::found;
use super::words;
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::{get, post};
use base::core::{App, Reply};
use base::web::{Call, Ctx};
use base::{Common, Outcome};
use kernel::access::{Action, Effect, Resource};
use kernel::playbook::{Playbook, Post, RelationKind, Unit};
use kernel::{UnitCode, Words};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/units", get(units))
        .route("/api/v1/units/{code}", get(unit))
        .route("/api/v1/posts", get(posts))
        .route("/api/v1/mandates", get(mandates))
        .route("/api/v1/policy", get(policy))
        .route("/api/v1/notices", get(notices))
        .route("/api/v1/notices/read", post(read))
}

/// A unit.
#[derive(Serialize, ToSchema)]
pub(super) struct UnitRow {
    /// Code.
    code: String,
    /// Name in Chinese.
    zh: String,
    /// Name in English.
    en: String,
    /// Kind, such as `street`.
    kind: String,
    /// The unit that it belongs to.
    parent: Option<String>,
    /// Who runs it on the district's behalf, when that is somebody else.
    managed_by: Option<String>,
    /// Where the line comes from.
    source: String,
}

/// A post.
#[derive(Serialize, ToSchema)]
pub(super) struct PostRow {
    /// Code.
    code: String,
    /// Its unit.
    unit: String,
    /// Title in Chinese.
    zh: String,
    /// Title in English.
    en: String,
    /// Roles.
    roles: Vec<String>,
    /// How many hold it now.
    holders: usize,
    /// Where the line comes from.
    source: String,
}

/// A relation between two units.
#[derive(Serialize, ToSchema)]
pub(super) struct RelationRow {
    /// The one that guides, manages, is stationed.
    from: Named,
    /// The other.
    to: Named,
    /// Kind, such as `manages_on_behalf`.
    kind: String,
    /// First day.
    since: String,
    /// Last day; none while it lasts.
    until: Option<String>,
    /// Where the line comes from.
    source: String,
}

/// A unit in full.
#[derive(Serialize, ToSchema)]
pub(super) struct UnitFull {
    /// The unit.
    #[serde(flatten)]
    row: UnitRow,
    /// Units directly below.
    children: Vec<Named>,
    /// Its posts.
    posts: Vec<PostRow>,
    /// Relations in which it stands.
    relations: Vec<RelationRow>,
    /// Posts that answer for it (包保).
    patrons: Vec<Named>,
    /// Codes of the entries of the duty lists that it leads.
    mandates: Vec<String>,
}

/// The name that a playbook's file uses for a value.
fn code_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn unit_row(u: &Unit) -> UnitRow {
    UnitRow {
        code: u.code.to_string(),
        zh: u.name.zh.clone(),
        en: u.name.en.clone(),
        kind: code_of(&u.kind),
        parent: u.parent.as_ref().map(ToString::to_string),
        managed_by: u.managed_by.as_ref().map(ToString::to_string),
        source: u.source.to_string(),
    }
}

fn post_row(p: &Post, seats: &[crate::model::Seat]) -> PostRow {
    PostRow {
        code: p.code.to_string(),
        unit: p.unit.to_string(),
        zh: p.title.zh.clone(),
        en: p.title.en.clone(),
        roles: p.roles.iter().map(ToString::to_string).collect(),
        holders: seats.iter().filter(|s| s.post == p.code).count(),
        source: p.source.to_string(),
    }
}

/// The rows of one page out of a list in memory that is sorted by `key`, with one too many for [`Items::cut`].
fn page_of<T>(rows: impl Iterator<Item = T>, after: &str, limit: u32, key: impl Fn(&T) -> String) -> Vec<T> {
    let take = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    rows.filter(|row| after.is_empty() || key(row).as_str() > after).take(take).collect()
}

/// Units by code.
#[utoipa::path(get, path = "/api/v1/units", tag = "org",
    params(("after" = Option<String>, Query, description = "code that the page begins after"), ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"), ("q" = Option<String>, Query, description = "part of name or code"), ("kind" = Option<String>, Query, description = "such as street"), ("parent" = Option<String>, Query, description = "code of the unit above")),
    responses((status = 200, body = Items<UnitRow>)))]
async fn units(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["after", "limit", "q", "kind", "parent"])?;
    let limit = words::limit(&fields)?;
    ctx.app.read(&ctx.who, |op| reading::units(op)).await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (kind, parent) = (fields.text("kind"), fields.text("parent"));
    let rows = found(&book, fields.text("q").trim()).into_iter().map(unit_row).filter(|row| {
        (kind.is_empty() || row.kind == kind) && (parent.is_empty() || row.parent.as_deref() == Some(parent))
    });
    let rows = page_of(rows, fields.text("after"), limit, |row| row.code.clone());
    json(200, &Items::cut(rows, limit, |row| row.code.clone()))
}

/// One unit.
#[utoipa::path(get, path = "/api/v1/units/{code}", tag = "org", params(("code" = String, Path, description = "code of the unit")), responses((status = 200, body = UnitFull), (status = 404)))]
async fn unit(ctx: Ctx, Path(given): Path<String>) -> Outcome<Response> {
    let seats = ctx.app.read(&ctx.who, reading::seats).await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let absent = || Common::NotFound { what: "unit", given: given.clone() };
    let code = UnitCode::parse("unit", &given).map_err(|_| absent())?;
    let unit = book.unit(&code).ok_or_else(absent)?;
    let patrons = book.org.patronage.iter().filter(|p| p.unit == code).map(|p| Named::post(&book, &p.patron));
    let leads = book.mandates.values().filter(|m| m.lead.as_ref() == Some(&code)).map(|m| m.code.to_string());
    json(
        200,
        &UnitFull {
            row: unit_row(unit),
            children: book.org.children_of(&code).map(|u| Named::unit(&book, &u.code)).collect(),
            posts: book.org.posts_of(&code).map(|p| post_row(p, &seats)).collect(),
            relations: relations(&book, &code),
            patrons: patrons.collect(),
            mandates: leads.collect(),
        },
    )
}

fn relations(book: &Playbook, code: &UnitCode) -> Vec<RelationRow> {
    let mine = book.org.relations.iter().filter(|r| r.from == *code || r.to == *code);
    let rows = mine.map(|r| RelationRow {
        from: Named::unit(book, &r.from),
        to: Named::unit(book, &r.to),
        kind: code_of::<RelationKind>(&r.kind),
        since: r.since.to_string(),
        until: r.until.map(|d| d.to_string()),
        source: r.source.to_string(),
    });
    rows.collect()
}

/// Posts by code.
#[utoipa::path(get, path = "/api/v1/posts", tag = "org",
    params(("after" = Option<String>, Query, description = "code that the page begins after"), ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"), ("unit" = Option<String>, Query, description = "code of the unit"), ("role" = Option<String>, Query, description = "code of a role"), ("vacant" = Option<String>, Query, description = "1: only those that nobody holds")),
    responses((status = 200, body = Items<PostRow>)))]
async fn posts(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["after", "limit", "unit", "role", "vacant"])?;
    let limit = words::limit(&fields)?;
    let seats = ctx.app.read(&ctx.who, reading::seats).await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (unit, role, vacant) = (fields.text("unit"), fields.text("role"), fields.given("vacant").is_some());
    let rows = book.org.posts.values().map(|p| post_row(p, &seats)).filter(|row| {
        (unit.is_empty() || row.unit == unit)
            && (role.is_empty() || row.roles.iter().any(|r| r == role))
            && (!vacant || row.holders == 0)
    });
    let rows = page_of(rows, fields.text("after"), limit, |row| row.code.clone());
    json(200, &Items::cut(rows, limit, |row| row.code.clone()))
}

/// An entry of the duty lists.
#[derive(Serialize, ToSchema)]
pub(super) struct MandateRow {
    /// Code.
    code: String,
    /// `basic`, `support` or `taken_back`.
    list: &'static str,
    /// Domain.
    domain: Two,
    /// What it is.
    title: Two,
    /// Who leads; none for what each street leads itself.
    lead: Option<String>,
    /// What the street does for it.
    street_role: Option<Two>,
    /// First day.
    from: String,
    /// Last day; none while it lasts.
    until: Option<String>,
    /// Where the line comes from; `example` is a sample to be replaced.
    source: String,
}

/// A text in both languages.
#[derive(Serialize, ToSchema)]
pub(super) struct Two {
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}
impl From<&Words> for Two {
    fn from(words: &Words) -> Two {
        Two { zh: words.zh.clone(), en: words.en.clone() }
    }
}

/// Entries of the duty lists by code.
#[utoipa::path(get, path = "/api/v1/mandates", tag = "org",
    params(("after" = Option<String>, Query, description = "code that the page begins after"), ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"), ("list" = Option<String>, Query, description = "basic, support or taken_back"), ("domain" = Option<String>, Query, description = "domain in Chinese"), ("unit" = Option<String>, Query, description = "code of the leading unit, or street"), ("q" = Option<String>, Query, description = "part of title or code")),
    responses((status = 200, body = Items<MandateRow>)))]
async fn mandates(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["after", "limit", "list", "domain", "unit", "q"])?;
    let (limit, filter) = (words::limit(&fields)?, Filter::of(&fields));
    ctx.app.read(&ctx.who, |op| op.judge(Action::PlaybookRead, &Resource::new()).map(|_| ())).await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let rows = book.mandates.values().filter(|m| filter.admits(m)).map(|m| MandateRow {
        code: m.code.to_string(),
        list: words::list_code(m.list),
        domain: (&m.domain).into(),
        title: (&m.title).into(),
        lead: m.lead.as_ref().map(ToString::to_string),
        street_role: m.street_role.as_ref().map(Two::from),
        from: m.from.to_string(),
        until: m.until.map(|d| d.to_string()),
        source: m.source.to_string(),
    });
    let rows = page_of(rows, fields.text("after"), limit, |row| row.code.clone());
    json(200, &Items::cut(rows, limit, |row| row.code.clone()))
}

/// A row of the access policy.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyRow {
    /// Name of the row.
    id: String,
    /// `allow` or `deny`.
    effect: &'static str,
    /// Roles.
    roles: Vec<&'static str>,
    /// Acts.
    actions: Vec<&'static str>,
    /// Kinds of things; empty means every.
    kinds: Vec<String>,
    /// All of these must hold.
    when: Vec<&'static str>,
    /// At least one of these must hold, when there are any.
    any: Vec<&'static str>,
    /// Why, in Chinese.
    why: String,
    /// Where it comes from.
    source: String,
}

/// The access policy, denials included, in the order of its file.
#[utoipa::path(get, path = "/api/v1/policy", tag = "org",
    params(("role" = Option<String>, Query, description = "code of a role"), ("action" = Option<String>, Query, description = "code of an act")),
    responses((status = 200, body = Items<PolicyRow>)))]
async fn policy(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["role", "action"])?;
    ctx.app.read(&ctx.who, |op| op.judge(Action::PolicyRead, &Resource::new()).map(|_| ())).await?;
    let rows = super::policy::asked(ctx.app.policy, fields.text("role"), fields.text("action"));
    let items = rows.into_iter().map(|row| PolicyRow {
        id: row.id.to_string(),
        effect: if row.effect == Effect::Deny { "deny" } else { "allow" },
        roles: row.roles.iter().map(kernel::access::Role::code).collect(),
        actions: row.actions.iter().map(|a| a.code()).collect(),
        kinds: row.kinds.iter().map(ToString::to_string).collect(),
        when: row.when.iter().map(|c| c.code()).collect(),
        any: row.any.iter().map(|c| c.code()).collect(),
        why: row.why.clone(),
        source: row.source.clone(),
    });
    json(200, &Items { items: items.collect(), next: None })
}

/// A notice of the acting post.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeRow {
    /// Id.
    id: String,
    /// What it says.
    words: Two,
    /// Where it leads.
    link: String,
    /// When.
    at: String,
    /// When it was read; none while it is new.
    read_at: Option<String>,
}

/// Notices of the acting post, newest first.
#[utoipa::path(get, path = "/api/v1/notices", tag = "org",
    params(("after" = Option<String>, Query, description = "id of the last row of the page before"), ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default")),
    responses((status = 200, body = Items<NoticeRow>)))]
async fn notices(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["after", "limit"])?;
    let (limit, after) = (words::limit(&fields)?, fields.text("after").to_owned());
    let given = ctx.app.read(&ctx.who, move |op| reading::notices(op, &after, limit + 1)).await?;
    let rows = given.iter().map(|n| NoticeRow {
        id: n.id.clone(),
        words: (&n.words).into(),
        link: n.link.clone(),
        at: n.at.rfc3339(),
        read_at: n.read_at.map(kernel::Instant::rfc3339),
    });
    json(200, &Items::cut(rows.collect(), limit, |row| row.id.clone()))
}

/// How many were marked.
#[derive(Serialize, ToSchema)]
pub(super) struct Marked {
    /// Notices that had not been read.
    marked: u64,
}

/// Marks every notice of the acting post as read.
#[utoipa::path(post, path = "/api/v1/notices/read", tag = "org", request_body = super::api_people::NoBody, responses((status = 200, body = Marked)))]
async fn read(Call { ctx, key, .. }: Call<super::api_people::NoBody>) -> Outcome<Response> {
    let mark =
        |op: &mut base::op::Op<'_, '_>| Reply::json(200, &Marked { marked: reading::read_notices(op)? });
    Ok(replied(ctx.app.write_once(&ctx.who, key, mark).await?))
}

/// Paths and schemas of this file.
#[derive(utoipa::OpenApi)]
#[openapi(paths(units, unit, posts, mandates, policy, notices, read))]
pub(super) struct Doc;
