//! Requests from a CSV.

use super::Item;
use crate::learn::LearnRefusal;
use crate::learn::table::{Table, bad_time, moment};
use std::collections::BTreeSet;

/// Reads requests: columns `id`, `time`, `text`, optionally `place`, `category` and `contact`, under these or the usual Chinese
/// names, in any order. An empty time or place is allowed, an empty id or text is not.
pub fn items(bytes: &[u8]) -> Result<Vec<Item>, LearnRefusal> {
    let table = Table::parse(bytes)?;
    let id = table.need(&["id", "编号", "工单编号", "留言编号"])?;
    let time = table.need(&["time", "时间", "受理时间", "留言时间"])?;
    let text = table.need(&["text", "文本", "内容", "诉求内容", "留言详情"])?;
    let place = table.find(&["place", "地点", "地址", "诉求地点"]);
    let category = table.find(&["category", "类别", "分类"]);
    let contact = table.find(&["contact", "联系人", "联系电话"]);
    let mut seen = BTreeSet::new();
    let mut out = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let line = row.line;
        for (at, name) in [(id, "id"), (text, "text")] {
            if row.cell(at).is_empty() {
                return Err(LearnRefusal::EmptyCell { line, name: name.to_owned() });
            }
        }
        let given = row.cell(time);
        let at =
            (!given.is_empty()).then(|| moment(given).ok_or_else(|| bad_time(line, given))).transpose()?;
        if !seen.insert(row.cell(id).to_owned()) {
            return Err(LearnRefusal::TwiceId { line, given: row.cell(id).to_owned() });
        }
        let other = |at: Option<usize>| at.map(|at| row.cell(at)).filter(|cell| !cell.is_empty());
        let mut item = Item::new(row.cell(id), at, row.cell(text), other(place).unwrap_or_default());
        item.category = other(category).map(str::to_owned);
        item.contact = other(contact).map(digest);
        out.push(item);
    }
    Ok(out)
}

/// Only equality matters here, and nothing leaves the program: four rounds of mixing are enough.
fn digest(contact: &str) -> [u8; 32] {
    let mut out = [0_u8; 32];
    let (lanes, _) = out.as_chunks_mut::<8>();
    for (lane, seed) in lanes.iter_mut().zip(1_u64..) {
        let sum = contact.bytes().fold(seed, |state, byte| crate::learn::mix(state ^ u64::from(byte)));
        *lane = sum.to_le_bytes();
    }
    out
}
