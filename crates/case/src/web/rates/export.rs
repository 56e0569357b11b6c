//! The board as a sheet: every figure with what it is made of, so that it can be reckoned again.

use super::{Ask, Shown};
use crate::rates::RateRow;
use axum::extract::RawQuery;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::sheet::{Format, Out, Value, to_csv, to_xlsx};
use base::web::Ctx;
use kernel::money::Decimal;
use kernel::score::Rate;

pub(super) async fn csv(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    sheet(&ctx, query, false).await
}

pub(super) async fn xlsx(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    sheet(&ctx, query, true).await
}

async fn sheet(ctx: &Ctx, query: Option<String>, is_xlsx: bool) -> Outcome<Response> {
    let today = ctx.now().day();
    let book = ctx.app.book(ctx.district(), today)?;
    let ask = Ask::parse(&query.unwrap_or_default(), today, &book)?;
    let (wish, period) = (ask.clone(), format!("{}-{}", ask.from, ask.until));
    let shown = ctx.app.read(&ctx.who, move |op| Shown::load(op, &wish)).await?;
    let t = ctx.t();
    let (int, dec, text) = (Format::Integer, Format::Decimal(2), Format::Text);
    let columns = vec![
        (t.s("rates.kind"), text),
        (t.s("rates.name"), text),
        (t.s("rates.best"), int),
        (t.s("rates.worst"), int),
        (t.s("rates.composite"), dec),
        (t.s("rates.low"), dec),
        (t.s("rates.high"), dec),
        (t.s("rates.f.responded"), int),
        (t.s("rates.f.base"), int),
        (t.s("rates.response"), dec),
        (t.s("rates.f.solved"), int),
        (t.s("rates.f.partly"), int),
        (t.s("rates.f.valid"), int),
        (t.s("rates.solved"), dec),
        (t.s("rates.marks"), dec),
        (t.s("rates.satisfied"), dec),
        (t.s("rates.with"), dec),
        (t.s("rates.f.excluded"), int),
        (t.s("rates.f.left_out"), int),
        (t.s("rates.scored"), int),
    ];
    let title = format!("{} {period}", t.s("rates.title"));
    let out = Out { sheet: t.s("rates.title"), title: Some(&title), columns };
    let kind = |kind: Option<kernel::playbook::UnitKind>| {
        kind.map(|k| t.words(&k.words()).into_owned()).unwrap_or_default()
    };
    let lines: Vec<Outcome<Vec<Value<'_>>>> = shown
        .groups
        .iter()
        .flat_map(|(of, rows)| {
            rows.iter().map(|row| Ok(cells(kind(*of), t.words(&row.name).into_owned(), row)))
        })
        .collect();
    let (bytes, mime, end) = match is_xlsx {
        true => (
            to_xlsx(&out, lines.into_iter())?,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
        false => (to_csv(&out, lines.into_iter())?, "text/csv; charset=utf-8", "csv"),
    };
    let name = format!("attachment; filename=\"rates-{period}.{end}\"");
    Ok(([(CONTENT_TYPE, mime.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

fn cells<'v>(kind: String, name: String, row: &RateRow) -> Vec<Value<'v>> {
    let whole = |n: u64| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let place = |n: Option<usize>| Value::from(n.and_then(|n| i64::try_from(n).ok()));
    let percent = |rate: Option<&Rate>| Value::from(rate.map(|rate| rate.percent));
    let (rates, counts) = (&row.rates, &row.tally.counted);
    let points: Option<Decimal> = rates.satisfied.as_ref().map(|rate| rate.points);
    vec![
        Value::from(kind),
        Value::from(name),
        place(row.rank.map(|rank| rank.best)),
        place(row.rank.map(|rank| rank.worst)),
        Value::from(rates.composite.map(|c| c.value)),
        Value::from(rates.composite.map(|c| c.low)),
        Value::from(rates.composite.map(|c| c.high)),
        whole(counts.in_time),
        whole(counts.base),
        percent(rates.response.as_ref()),
        whole(counts.solved),
        whole(counts.partly),
        whole(counts.valid),
        percent(rates.solved.as_ref()),
        Value::from(points),
        percent(rates.satisfied.as_ref()),
        Value::from(row.with_excluded.composite.map(|c| c.value)),
        whole(row.tally.excluded.base),
        whole(row.left_out),
        whole(row.all),
    ]
}
