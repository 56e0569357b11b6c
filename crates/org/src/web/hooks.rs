//! 对外接口: receivers of webhooks. The system administrator registers them, tries them out and sees what went where.

use super::hooks_view::{self as view, Shown};
use super::sign_in::refused;
use super::words;
use crate::act::hooks as act;
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::{get, post};
use base::core::App;
use base::op::Op;
use base::web::form::Fields;
use base::web::{Ctx, Form, after};
use base::{Common, Outcome};
use kernel::Refused;
use uuid::Uuid;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/integrations", get(list).post(add))
        .route("/integrations/{id}", get(show))
        .route("/integrations/{id}/enable", post(enable))
        .route("/integrations/{id}/disable", post(disable))
        .route("/integrations/{id}/rotate", post(rotate))
        .route("/integrations/{id}/test", post(test))
        .route("/integrations/{id}/retry", post(retry))
        .route("/integrations/{id}/remove", post(remove))
}

async fn list(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    words::query(raw, &[])?;
    draw_list(&ctx, &Fields::default(), None).await
}

async fn draw_list(ctx: &Ctx, typed: &Fields, no: Option<Refused>) -> Outcome<Response> {
    let found = ctx.app.read(&ctx.who, act::list).await?;
    Ok(view::list(ctx, &found, typed, no.as_deref()))
}

/// The kinds of a form: those that were ticked and those that were written.
fn kinds(fields: &Fields) -> Vec<String> {
    let written = fields.text("pattern").split([' ', ',', '，', '、']).map(str::trim);
    let mut all: Vec<String> =
        fields.all("kinds").iter().map(String::as_str).chain(written).map(str::to_owned).collect();
    all.retain(|kind| !kind.is_empty());
    all.sort();
    all.dedup();
    all
}

async fn add(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["url", "kinds", "pattern"])?;
    let (url, wanted) = (fields.text("url").trim().to_owned(), kinds(&fields));
    match ctx.app.write(&ctx.who, move |op| act::add(op, &url, &wanted)).await {
        Ok((id, secret)) => draw(&ctx, id, None, Some(&secret)).await,
        Err(fault) => draw_list(&ctx, &fields, Some(refused(fault)?)).await,
    }
}

async fn show(ctx: Ctx, Path(id): Path<String>, RawQuery(raw): RawQuery) -> Outcome<Response> {
    words::query(raw, &[])?;
    draw(&ctx, act::id(&id)?, None, None).await
}

/// Draws one receiver; `secret` is shown this once.
async fn draw(ctx: &Ctx, id: Uuid, no: Option<Refused>, secret: Option<&str>) -> Outcome<Response> {
    let (hook, deliveries) = ctx.app.read(&ctx.who, move |op| act::one(op, id)).await?;
    Ok(view::one(ctx, &Shown { hook: &hook, deliveries: &deliveries, secret }, no.as_deref()))
}

/// Does something and leads back to the receiver, or shows it with the refusal.
async fn done<F>(ctx: &Ctx, given: &str, code: &str, act: F) -> Outcome<Response>
where
    F: Fn(&mut Op<'_, '_>, Uuid) -> Outcome<()> + Send + 'static,
{
    let id = act::id(given)?;
    match ctx.app.write(&ctx.who, move |op| act(op, id)).await {
        Ok(()) => Ok(after(&format!("/integrations/{id}"), code)),
        Err(fault) => {
            let no = refused(fault)?;
            // What is absent has no page to show the refusal on.
            if no.code() == "common.not_found" {
                return Err(no.into());
            }
            draw(ctx, id, Some(no), None).await
        }
    }
}

async fn enable(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    done(&ctx, &id, "org.hook_on", |op, id| act::set_enabled(op, id, true)).await
}

async fn disable(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    done(&ctx, &id, "org.hook_off", |op, id| act::set_enabled(op, id, false)).await
}

async fn test(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    done(&ctx, &id, "org.hook_tested", |op, id| act::test(op, id).map(|_| ())).await
}

async fn rotate(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let id = act::id(&id)?;
    let secret = ctx.app.write(&ctx.who, move |op| act::rotate(op, id)).await?;
    draw(&ctx, id, None, Some(&secret)).await
}

async fn retry(Path(id): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["message"])?;
    let given = fields.text("message").to_owned();
    let message: Uuid = given.parse().map_err(|_| Common::NotFound { what: "message", given })?;
    done(&ctx, &id, "org.hook_again", move |op, id| act::retry(op, id, message)).await
}

async fn remove(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let id = act::id(&id)?;
    ctx.app.write(&ctx.who, move |op| act::remove(op, id)).await?;
    Ok(after("/integrations", "org.hook_removed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticked_and_written_kinds_are_one_list() {
        let pairs = [("kinds", "duty.notice"), ("kinds", "*"), ("pattern", "plan.*，duty.notice x.y")];
        let fields = Fields::from_pairs(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec());
        assert_eq!(kinds(&fields), ["*", "duty.notice", "plan.*", "x.y"]);
        assert!(kinds(&Fields::default()).is_empty());
    }
}
