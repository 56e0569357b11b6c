//! `/plan/export.csv`: the items of a view as a table for Office, with the same filters as the page.

use super::query::View;
use super::words::Names;
use crate::board::ItemView;
use axum::extract::RawQuery;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::web::Ctx;
use base::web::ui::light::word;
use kernel::light::Light;
use kernel::money::Decimal;

/// The table. It begins with the mark that makes Office read UTF-8.
pub(super) async fn csv(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let view = View::parse(&query.unwrap_or_default())?;
    let at = ctx.shown_at();
    let board = ctx.app.read(&ctx.who, move |op| crate::board::load(op, at)).await?;
    let n = Names::new(&ctx, &board.book, at.day())?;
    let t = n.t;
    let columns = [
        "code",
        "name",
        "list",
        "punch",
        "lead",
        "support",
        "patron",
        "due",
        "light",
        "why",
        "progress",
        "mark",
        "difference",
        "time",
        "value",
        "target",
        "unit",
        "state",
        "evidence",
        "source",
    ];
    let heads: Vec<String> = columns.iter().map(|c| t.f(&format!("plan.csv.{c}"), &[])).collect();
    let mut text = String::from("\u{feff}");
    line(&mut text, &heads);
    for item in view.pick(&board) {
        line(&mut text, &cells(&n, item));
    }
    let name = format!("attachment; filename=\"plan-{}.csv\"", at.day());
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], text)
        .into_response())
}

fn cells(n: &Names<'_>, i: &ItemView) -> Vec<String> {
    let t = n.t;
    let figure = |d: Option<Decimal>| d.map(|d| d.to_string()).unwrap_or_default();
    let points = |d: Option<Decimal>| d.map(|d| d.text(1).replace('−', "-")).unwrap_or_default();
    let punch = n.book.plan.punches.iter().find(|p| p.code == i.punch);
    let light = if i.behind && i.light == Light::Red { t.s("word.behind") } else { word(t, i.light) };
    vec![
        i.code.clone(),
        t.words(&i.title).into_owned(),
        n.list(&i.list),
        punch.map(|p| t.words(&p.title).into_owned()).unwrap_or_default(),
        n.unit(&i.lead),
        n.units(&i.support),
        n.post(&i.patron),
        i.due.to_string(),
        light.to_owned(),
        t.words(&i.light_why).into_owned(),
        points(i.percent),
        points(Some(i.mark)),
        points(i.difference),
        points(Some(i.time_percent)),
        figure(i.value),
        figure(i.target),
        i.unit.as_ref().map(|u| t.words(u).into_owned()).unwrap_or_default(),
        i.stage.say(t.lang()).to_owned(),
        i.evidence.to_string(),
        i.source.to_string(),
    ]
}

fn line(out: &mut String, cells: &[String]) {
    let quoted: Vec<String> = cells.iter().map(|c| quote(c)).collect();
    out.push_str(&quoted.join(","));
    out.push_str("\r\n");
}

/// A cell in quotes. What Office would run as a formula gets a leading apostrophe; plain numbers do not need it.
fn quote(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && Decimal::parse(cell).is_none();
    let text = cell.replace('"', "\"\"");
    if risky { format!("\"'{text}\"") } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_run() {
        assert_eq!(quote("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quote("=1+1"), "\"'=1+1\"");
        assert_eq!(quote("-3.9"), "\"-3.9\"");
    }
}
