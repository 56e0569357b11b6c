//! Marks as rows: which cases stand behind a figure.

use super::solved_code;
use crate::model::{CaseId, Mark};
use crate::rates::Figure;
use base::{Outcome, Tx};
use kernel::cases::Grade;
use kernel::{DistrictCode, UnitCode};

/// Puts a mark, or replaces that of the same round.
pub fn put_mark(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId, sig: &str, mark: &Mark) -> Outcome<()> {
    let sql = "insert into case_mark (district, id, round, month, unit, category, sig, responded, in_time, valid, solved, \
               grade, excluded, left_out, reduced) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
               on conflict (district, id, round) do update set month = excluded.month, unit = excluded.unit, \
               category = excluded.category, sig = excluded.sig, responded = excluded.responded, \
               in_time = excluded.in_time, valid = excluded.valid, solved = excluded.solved, grade = excluded.grade, \
               excluded = excluded.excluded, left_out = excluded.left_out, reduced = excluded.reduced";
    let args = [
        district.into(),
        id.into(),
        mark.round.into(),
        mark.month.into(),
        (&mark.unit).into(),
        mark.category.as_ref().map_or("", |c| c.as_str()).into(),
        sig.into(),
        mark.responded.into(),
        mark.in_time.into(),
        mark.valid.into(),
        solved_code(mark.solved).into(),
        mark.grade.map(Grade::code).into(),
        mark.excluded.as_ref().into(),
        mark.left_out.map(crate::model::LeftOut::code).into(),
        mark.reduced.into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

/// Whether another case of the same category, place and words is counted for this unit in this month.
pub fn twin(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    sig: &str,
    month: u32,
    unit: &UnitCode,
    but: CaseId,
) -> Outcome<bool> {
    let sql = "select 1 as one from case_mark where district = $1 and sig = $2 and month = $3 and unit = $4 \
               and id <> $5 and left_out is null limit 1";
    let args = [district.into(), sig.into(), month.into(), unit.into(), but.into()];
    Ok(tx.one(sql, &args, |row| row.int(0))?.is_some())
}

/// The condition over `case_mark` that a figure of the board stands for.
pub fn figures(figure: Figure) -> &'static str {
    match figure {
        Figure::All => "1 = 1",
        Figure::LeftOut => "m.left_out is not null",
        Figure::Excluded => "m.left_out is null and m.excluded is not null",
        Figure::Base => "m.left_out is null and m.excluded is null and m.responded is not null",
        Figure::Responded => "m.left_out is null and m.excluded is null and m.responded = 1",
        Figure::NotResponded => "m.left_out is null and m.excluded is null and m.responded = 0",
        Figure::InTime => "m.left_out is null and m.excluded is null and m.in_time = 1",
        Figure::Valid => "m.left_out is null and m.excluded is null and m.valid = 1",
        Figure::Solved => "m.left_out is null and m.excluded is null and m.valid = 1 and m.solved = 'yes'",
        Figure::Partly => "m.left_out is null and m.excluded is null and m.valid = 1 and m.solved = 'partly'",
        Figure::NotSolved => "m.left_out is null and m.excluded is null and m.valid = 1 and m.solved = 'no'",
        Figure::Satisfied => {
            "m.left_out is null and m.excluded is null and m.valid = 1 \
             and m.grade in ('very_satisfied', 'satisfied', 'basic')"
        }
        Figure::Dissatisfied => {
            "m.left_out is null and m.excluded is null and m.valid = 1 \
             and m.grade in ('dissatisfied', 'very_dissatisfied')"
        }
    }
}

/// Every mark as stored, for the check of a rebuild: case, round, month, unit, category and what it counts for.
pub fn mark_rows(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    visit: &mut dyn FnMut(CaseId, u32, &str, &str) -> Outcome<()>,
) -> Outcome<()> {
    let sql = "select id, round, unit, category from case_mark where district = $1 order by id, round";
    tx.each(sql, &[district.into()], |row| {
        let round = u32::try_from(row.int(1)?).unwrap_or(0);
        visit(row.parsed(0)?, round, row.str(2)?, row.str(3)?)
    })
}
