//! Full-text search over a year's messages, beside the index's own statements run raw.
//!
//! Messages are put together from phrases that residents use, from places, from numbers, and from made-up words of
//! the commonest 2,000 or so characters with falling frequency, so that the index has rare pairs as well as common ones.

use super::bed::{self, Place, number, round};
use super::raw::{self, broken};
use base::core::App;
use base::search::{self, Query};
use base::{Arg, Fault, Outcome};
use kernel::DistrictCode;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const DISTRICT: DistrictCode = DistrictCode::GUANDU;
/// Messages to one write, as a job would take them.
const BATCH: u32 = 256;
/// Hits to a page.
const PAGE: u32 = 50;

const MATTERS: [&str; 40] = [
    "小区门口道路积水严重",
    "夜间施工噪音扰民",
    "垃圾清运不及时气味难闻",
    "路灯不亮影响出行",
    "电梯频繁故障无人维修",
    "占道经营堵塞通道",
    "违法建设长期未拆除",
    "自来水水压不足",
    "楼道堆放杂物存在安全隐患",
    "物业收费不透明",
    "共享单车乱停乱放",
    "井盖破损容易伤人",
    "烧烤摊油烟直排",
    "拖欠工人工资",
    "学校周边交通拥堵",
    "公交线路绕行不便",
    "燃气管道漏气",
    "绿化带被毁坏种菜",
    "河道有污水排入",
    "停车位被私自占用",
    "不动产权证迟迟办不下来",
    "广场舞音响声音过大",
    "消防通道被锁闭",
    "流浪犬伤人",
    "外墙瓷砖脱落",
    "网络信号差",
    "工地扬尘未覆盖",
    "化粪池堵塞外溢",
    "医保报销进度查询",
    "老旧小区加装电梯咨询",
    "充电桩数量不足",
    "健身器材损坏",
    "非机动车道被机动车占用",
    "餐饮店无证经营",
    "房屋漏水渗透到楼下",
    "居住证办理材料咨询",
    "道路坑洼不平",
    "斑马线标线模糊",
    "快递柜占用公共空间",
    "养犬不拴绳",
];
const TAILS: [&str; 20] = [
    "请相关部门尽快处理",
    "已多次反映未得到解决",
    "希望给出明确答复",
    "严重影响居民休息",
    "请予以核实",
    "望尽快回复",
    "存在较大安全隐患",
    "老人小孩出行不便",
    "请依法查处",
    "向社区反映过但没有结果",
    "要求书面答复",
    "至今已有三个月",
    "请安排人员到现场查看",
    "周边居民意见很大",
    "雨天尤其严重",
    "希望举一反三全面排查",
    "不需要回访",
    "请电话联系本人",
    "情况属实请整改",
    "感谢工作人员的帮助",
];
const PLACES: [&str; 26] = [
    "关上街道",
    "太和街道",
    "吴井街道",
    "金马街道",
    "小板桥街道",
    "官渡街道",
    "六甲街道",
    "矣六街道",
    "大板桥街道",
    "阿拉街道",
    "关兴路",
    "春城路",
    "珥季路",
    "广福路",
    "彩云北路",
    "飞虎大道",
    "世纪城",
    "螺蛳湾",
    "新亚洲",
    "福保村",
    "双桥村",
    "云秀路",
    "日新路",
    "民航路",
    "关平路",
    "昆明南站",
];

/// A small generator of its own, so that the same number always makes the same message.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below.max(1)).unwrap_or(0)
    }
    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        let at = self.next(u64::try_from(list.len()).unwrap_or(1));
        list.get(at).copied().unwrap_or_default()
    }
    /// A character, early ones far more often than late ones.
    fn han(&mut self) -> char {
        let wide = self.next(2_000);
        let near = self.next(u64::try_from(wide).unwrap_or(0) + 1);
        u32::try_from(near * 7).ok().and_then(|n| char::from_u32(0x4e00 + n)).unwrap_or('一')
    }
    fn word(&mut self, length: usize) -> String {
        (0..length).map(|_| self.han()).collect()
    }
}

fn phone(n: u64) -> u64 {
    13_000_000_000 + n.wrapping_mul(7_919) % 1_000_000_000
}

/// The text of a message: 60 to 110 characters.
fn message(n: u64) -> String {
    let mut d = Dice(n.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let (place, road) = (d.of(&PLACES), d.of(&PLACES));
    let (name, detail, more) = (d.word(4), d.word(8), d.word(5));
    let (house, gate) = (d.next(40) + 1, d.next(6) + 1);
    let (first, second) = (d.of(&MATTERS), d.of(&MATTERS));
    let (tail, end) = (d.of(&TAILS), d.of(&TAILS));
    format!(
        "{place}{road}{name}小区{house}栋{gate}单元，{first}，{detail}。另外{second}，{more}。{tail}，{end}。联系电话{}",
        phone(n)
    )
}

/// The queries: what a dispatcher types, from common words to a single number.
fn queries(count: usize, messages: u64) -> Vec<(&'static str, String)> {
    let mut d = Dice(42);
    let mut out = Vec::new();
    while out.len() < count {
        let n = u64::try_from(d.next(messages)).unwrap_or(0);
        let text = message(n);
        let inner = |from: usize, len: usize| text.chars().skip(from).take(len).collect::<String>();
        let matter = d.of(&MATTERS);
        let from = d.next(4);
        let part = |len: usize| matter.chars().skip(from).take(len).collect::<String>();
        out.push(match out.len() % 10 {
            0 => ("common word", part(2)),
            1 => ("phrase", part(4)),
            2 => ("two words", format!("{} {}", part(2), d.of(&PLACES))),
            3 => ("three words", format!("{} {} {}", part(2), d.of(&PLACES), d.of(&TAILS))),
            4 => ("one character", part(1)),
            5 => ("number", phone(n).to_string()),
            6 => ("rare word", inner(9, 3)),
            7 => ("house", format!("{} {}栋", d.of(&PLACES), d.next(40) + 1)),
            8 => ("long phrase", matter.to_owned()),
            _ => ("nothing", d.word(4)),
        });
    }
    out
}

/// Runs the bench.
pub(super) async fn run(place: &Place, messages: u64, count: usize) -> Outcome<Value> {
    let app = place.open().await?;
    let size = async || size(&app, place).await;
    let before = size().await?;
    fill(&app, messages).await?;
    let texts = size().await? - before;
    let (seconds, mut stalls) = index(&app, messages).await?;
    let began = Instant::now();
    app.db.write(|tx| search::compact(tx, 100_000)).await?;
    let compacted = began.elapsed().as_secs_f64();
    let index_bytes = size().await? - before - texts;
    let list = queries(count, messages);
    let answered = ask(&app, &list).await?;
    let mut all: Vec<u64> = answered.iter().map(|a| a.micros).collect();
    let mut kinds = serde_json::Map::new();
    for (kind, _) in list.iter().take(10) {
        let of: Vec<&Answer> =
            answered.iter().zip(&list).filter(|(_, (k, _))| k == kind).map(|(a, _)| a).collect();
        let mut micros: Vec<u64> = of.iter().map(|a| a.micros).collect();
        let hits: usize = of.iter().map(|a| a.hits).sum();
        let p = (bed::percentile(&mut micros, 0.5), bed::percentile(&mut micros, 0.95));
        kinds.insert(
            (*kind).to_owned(),
            json!({ "p50_ms": p.0, "p95_ms": p.1, "hits": hits / of.len().max(1) }),
        );
    }
    let raw = if place.backend() == "sqlite" { raw(&app, place, &list).await? } else { Value::Null };
    app.db.close().await;
    let n = number(usize::try_from(messages).unwrap_or(0));
    Ok(json!({
        "bench": "search", "backend": place.backend(), "messages": messages, "queries": answered.len(),
        "p50_ms": bed::percentile(&mut all, 0.50), "p95_ms": bed::percentile(&mut all, 0.95),
        "max_ms": bed::percentile(&mut all, 1.0), "by_kind": kinds,
        "text_mb": mb(texts), "index_mb": mb(index_bytes), "indexed_per_second": round(n / seconds),
        "batch_of": BATCH, "batch_p50_ms": bed::percentile(&mut stalls, 0.5),
        "batch_p95_ms": bed::percentile(&mut stalls, 0.95), "batch_max_ms": bed::percentile(&mut stalls, 1.0),
        "compact_seconds": round(compacted), "raw": raw,
    }))
}

fn mb(bytes: i64) -> f64 {
    round(number(usize::try_from(bytes / 1024).unwrap_or(0)) / 1024.0)
}

async fn size(app: &App, place: &Place) -> Outcome<i64> {
    let shared = place.backend() != "sqlite";
    app.db
        .read(move |tx| {
            let sql = if shared {
                "select cast(pg_total_relation_size('search_doc') + pg_total_relation_size('setting') as bigint)"
            } else {
                "select (p.page_count - f.freelist_count) * s.page_size from pragma_page_count p, pragma_page_size s, \
                 pragma_freelist_count f"
            };
            tx.one(sql, &[], |row| row.int(0))?.ok_or_else(|| Fault::broken("no size"))
        })
        .await
}

/// The texts in a table of their own, as an area has them.
async fn fill(app: &App, messages: u64) -> Outcome<()> {
    let mut done = 0;
    while done < messages {
        let (from, to) = (done, (done + 2_000).min(messages));
        app.db
            .write(move |tx| {
                let sql = "insert into setting (district, name, value) values ($1, $2, $3)";
                for n in from..to {
                    tx.exec(sql, &[DISTRICT.into(), name(n).into(), message(n).into()])?;
                }
                Ok(())
            })
            .await?;
        done = to;
    }
    Ok(())
}

fn name(n: u64) -> String {
    format!("{n:012}")
}

/// Puts all into the queue and moves it into the index: seconds of moving, and microseconds of each batch.
async fn index(app: &App, messages: u64) -> Outcome<(f64, Vec<u64>)> {
    let (mut seconds, mut stalls, mut done) = (0.0, Vec::new(), 0);
    let start = app.now();
    while done < messages {
        let (from, to) = (done, (done + u64::from(BATCH)).min(messages));
        app.db
            .write(move |tx| {
                for n in from..to {
                    let at = start.plus_seconds(i64::try_from(n).unwrap_or(0));
                    search::put(tx, DISTRICT, "case", &name(n), at, &message(n))?;
                }
                Ok(())
            })
            .await?;
        let began = Instant::now();
        app.db.write(|tx| search::flush(tx, DISTRICT, BATCH)).await?;
        seconds += began.elapsed().as_secs_f64();
        stalls.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
        done = to;
    }
    Ok((seconds, stalls))
}

struct Answer {
    micros: u64,
    hits: usize,
}

async fn ask(app: &App, list: &[(&'static str, String)]) -> Outcome<Vec<Answer>> {
    let mut out = Vec::new();
    for (_, text) in list {
        let Some(query) = Query::parse(text) else { continue };
        let began = Instant::now();
        let found = app
            .db
            .read(move |tx| search::find_checked(tx, DISTRICT, "case", &query, None, PAGE, &mut texts))
            .await?;
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        out.push(Answer { micros, hits: found.hits.len() });
    }
    Ok(out)
}

/// Sixteen texts to a statement; a short group repeats its last id.
fn texts(tx: &mut base::Tx<'_>, ids: &[String]) -> Outcome<Vec<(String, String)>> {
    let places: Vec<String> = (2..18).map(|i| format!("${i}")).collect();
    let sql =
        format!("select name, value from setting where district = $1 and name in ({})", places.join(", "));
    let mut out = Vec::new();
    for group in ids.chunks(16) {
        let Some(last) = group.last() else { break };
        let mut args: Vec<Arg<'_>> = vec![DISTRICT.into()];
        args.extend(group.iter().chain(std::iter::repeat(last)).take(16).map(Arg::from));
        out.extend(tx.query(&sql, &args, |row| Ok((row.text(0)?, row.text(1)?)))?);
    }
    Ok(out)
}

/// The very statements on the index alone, through rusqlite; the rate of FTS5 in one transaction without savepoints; and
/// what it would cost to look through every text.
async fn raw(app: &App, place: &Place, list: &[(&'static str, String)]) -> Outcome<Value> {
    let conn = Connection::open(place.dir().join("guandu.db")).map_err(|e| broken(&e))?;
    conn.execute_batch("pragma query_only = on; pragma cache_size = -8000").map_err(|e| broken(&e))?;
    let mut micros = Vec::new();
    for (_, text) in list {
        let Some(query) = Query::parse(text) else { continue };
        let tape = app
            .db
            .read(move |tx| {
                base::db::record::start();
                search::find(tx, DISTRICT, "case", &query, None, PAGE)?;
                Ok(base::db::record::take())
            })
            .await?;
        let Some(first) = tape.iter().find(|s| s.sql.contains("search_fts")) else { continue };
        let began = Instant::now();
        raw::run(&conn, &first.sql, &first.args)?;
        micros.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    let began = Instant::now();
    raw::run(&conn, "select count(*) from setting where value like '%道路积水%'", &[])?;
    let scan = began.elapsed().as_secs_f64() * 1_000.0;
    let inserts = app
        .db
        .write(|tx| {
            for n in 0..5_000 {
                let at = kernel::Instant::from_micros(i64::try_from(n).unwrap_or(0));
                search::put(tx, DISTRICT, "probe", &name(n), at, &message(n))?;
            }
            base::db::record::start();
            search::flush(tx, DISTRICT, 5_000)?;
            Ok(base::db::record::take())
        })
        .await?;
    let rate = insert_rate(place.dir(), &inserts)?;
    Ok(json!({
        "p50_ms": bed::percentile(&mut micros, 0.5), "p95_ms": bed::percentile(&mut micros, 0.95),
        "scan_of_all_texts_ms": round(scan), "fts5_inserts_per_second": round(rate),
    }))
}

fn insert_rate(dir: &Path, tape: &[base::db::record::Statement]) -> Outcome<f64> {
    let conn = Connection::open(dir.join("raw.db")).map_err(|e| broken(&e))?;
    conn.execute_batch(
        "pragma journal_mode = wal; create virtual table search_fts using fts5(tokens, content = '', \
         contentless_delete = 1, detail = none, tokenize = 'ascii'); begin;",
    )
    .map_err(|e| broken(&e))?;
    let list: Vec<_> = tape.iter().filter(|s| s.sql.starts_with("insert into search_fts")).collect();
    let began = Instant::now();
    for statement in &list {
        raw::run(&conn, &statement.sql, &statement.args)?;
    }
    conn.execute_batch("commit").map_err(|e| broken(&e))?;
    Ok(number(list.len()) / began.elapsed().as_secs_f64())
}
