//! Who there is: units, posts, areas, relations and patronage as a playbook declares them (D§1.2, 1.3, 2.1).
//!
//! Posts come from two places: those that are written out, and those that a *staffing* line makes for every unit of a
//! kind (each street has a secretary). No person is ever named here: acts are done as a post.

use super::fault::What;
use super::flaw::{PeopleFlaw, RuleFlaw, TextFlaw};
use super::sheet::{Faults, Row, Sheet};
use super::source::Source;
use crate::access::{Role, RoleSet};
use crate::duty;
use crate::id::{PostCode, Slug, UnitCode};
use crate::refusal::clip;
use crate::text::Words;
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What sort of party a unit is (D§2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 区: the district itself, root of the tree.
    District,
    /// 区级机关: the bodies and leaders of the district (区委、区政府、人大、政协、区级领导).
    Organ,
    /// 区委部门和办事机构.
    CommitteeOffice,
    /// 区政府部门.
    Department,
    /// 街道.
    Street,
    /// 社区.
    Community,
    /// 网格.
    Grid,
    /// 领导小组、指挥部.
    LeadingGroup,
    /// 专班.
    TaskForce,
    /// 国有平台公司.
    Platform,
    /// 企业.
    Enterprise,
}

impl UnitKind {
    /// Whether such a unit reports to the statistics bureau as a respondent, so that no economic target may be
    /// handed to it (D§4.1, S143).
    pub fn is_respondent(self) -> bool {
        matches!(self, UnitKind::Platform | UnitKind::Enterprise)
    }
    /// Whether it belongs to the grassroots (街道、社区、网格), whose burden is measured (D§4.34).
    pub fn is_grassroots(self) -> bool {
        matches!(self, UnitKind::Street | UnitKind::Community | UnitKind::Grid)
    }
    /// The kind as the lifecycle of duties tells units apart; bodies of the district count as the district.
    pub fn for_duty(self) -> duty::UnitKind {
        match self {
            UnitKind::District | UnitKind::Organ => duty::UnitKind::District,
            UnitKind::CommitteeOffice => duty::UnitKind::CommitteeOffice,
            UnitKind::Department => duty::UnitKind::Department,
            UnitKind::Street => duty::UnitKind::Street,
            UnitKind::Community => duty::UnitKind::Community,
            UnitKind::Grid => duty::UnitKind::Grid,
            UnitKind::LeadingGroup => duty::UnitKind::LeadingGroup,
            UnitKind::TaskForce => duty::UnitKind::TaskForce,
            UnitKind::Platform => duty::UnitKind::Platform,
            UnitKind::Enterprise => duty::UnitKind::Enterprise,
        }
    }
    /// Its name.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            UnitKind::District => ("区", "District"),
            UnitKind::Organ => ("区级机关", "District body"),
            UnitKind::CommitteeOffice => ("区委部门", "Party committee office"),
            UnitKind::Department => ("区政府部门", "Government department"),
            UnitKind::Street => ("街道", "Street"),
            UnitKind::Community => ("社区", "Community"),
            UnitKind::Grid => ("网格", "Grid"),
            UnitKind::LeadingGroup => ("领导小组和指挥部", "Leading group"),
            UnitKind::TaskForce => ("专班", "Task force"),
            UnitKind::Platform => ("国有平台公司", "State platform company"),
            UnitKind::Enterprise => ("企业", "Enterprise"),
        };
        Words::new(zh, en)
    }
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Short code such as `fgj`; nine digits for a street, twelve for a community (D§10.3).
    pub code: UnitCode,
    /// What sort of party.
    pub kind: UnitKind,
    /// Name as pages show it, such as 区发改局.
    pub name: Words,
    /// The unit it belongs to (隶属); none for the district.
    #[serde(default)]
    pub parent: Option<UnitCode>,
    /// Who runs it on the district's behalf (托管), when that is not the parent (D§1.2).
    #[serde(default)]
    pub managed_by: Option<UnitCode>,
    /// Where the line comes from.
    pub source: Source,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Code that begins with its unit, such as `fgj.chief`.
    pub code: PostCode,
    /// The unit.
    pub unit: UnitCode,
    /// Title as pages show it.
    pub title: Words,
    /// What it may do, in roles of [`crate::access`].
    pub roles: BTreeSet<Slug>,
    /// Where the line comes from.
    pub source: Source,
}

impl Post {
    /// Whether it holds a role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held.as_str() == role)
    }
    /// Its roles as the access policy takes them.
    pub fn role_set(&self) -> RoleSet {
        self.roles.iter().filter_map(|r| Role::parse("roles", r.as_str()).ok()).collect()
    }
}

/// A post that every unit of a kind has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staffing {
    /// Kinds of unit that have it.
    pub kinds: BTreeSet<UnitKind>,
    /// What follows the unit's code and a dot.
    pub suffix: Slug,
    /// Title as pages show it.
    pub title: Words,
    /// Roles, as in [`Post::roles`].
    pub roles: BTreeSet<Slug>,
    /// Where the line comes from.
    pub source: Source,
}

/// A development area (片区).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Code such as `wujiaba`.
    pub code: Slug,
    /// Name.
    pub name: Words,
    /// The command office that leads it.
    pub command: UnitCode,
    /// Where the line comes from.
    pub source: Source,
}

/// How two units stand to each other (D§2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// 派驻: stationed by `from` at `to`.
    Stationed,
    /// 业务指导: `from` guides the business of `to`.
    Guides,
    /// 托管: `from` manages `to` on its owner's behalf.
    ManagesOnBehalf,
    /// 兼职委员: `from` gives a concurrent member to `to`.
    ConcurrentMember,
    /// 联动: the two act together by agreement.
    ActsWith,
}

/// A dated relation between two units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The one that guides, manages, is stationed.
    pub from: UnitCode,
    /// The other one.
    pub to: UnitCode,
    /// How they stand to each other.
    pub kind: RelationKind,
    /// First day.
    pub since: Day,
    /// Last day; none while it lasts.
    #[serde(default)]
    pub until: Option<Day>,
    /// Where the line comes from.
    pub source: Source,
}

/// A leader's standing patronage of a unit or an area (包保); items name their own patrons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patronage {
    /// The leader's post.
    pub patron: PostCode,
    /// The unit answered for.
    pub unit: UnitCode,
    /// First day.
    pub since: Day,
    /// Where the line comes from.
    pub source: Source,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Communities {
    /// CSV with `code,name,streetCode` first, as the public division table gives it.
    file: String,
    source: Source,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Units by code.
    pub units: BTreeMap<UnitCode, Unit>,
    /// Posts by code, those made by staffing lines included.
    pub posts: BTreeMap<PostCode, Post>,
    /// Areas by code.
    pub areas: BTreeMap<Slug, Area>,
    /// Relations.
    pub relations: Vec<Relation>,
    /// Patronage.
    pub patronage: Vec<Patronage>,
}

impl Org {
    /// Posts of a unit.
    pub fn posts_of<'a>(&'a self, unit: &'a UnitCode) -> impl Iterator<Item = &'a Post> {
        // A post's code begins with its unit's, so the posts of a unit lie together.
        let first = PostCode::parse("post", unit.as_str()).ok();
        let near = first.into_iter().flat_map(|first| self.posts.range(first..));
        let begins = |code: &PostCode| code.as_str().starts_with(unit.as_str());
        near.take_while(move |(code, _)| begins(code)).map(|(_, post)| post).filter(move |p| p.unit == *unit)
    }
    /// The post of a unit that holds a role, the first by code when there are several.
    pub fn post_with_role<'a>(&'a self, unit: &'a UnitCode, role: &str) -> Option<&'a Post> {
        self.posts_of(unit).find(|post| post.has_role(role))
    }
    /// Posts of the whole district that hold a role, by code.
    pub fn posts_with_role<'a>(&'a self, role: &'a str) -> impl DoubleEndedIterator<Item = &'a Post> {
        self.posts.values().filter(move |post| post.has_role(role))
    }
    /// Units directly below one.
    pub fn children_of<'a>(&'a self, unit: &'a UnitCode) -> impl Iterator<Item = &'a Unit> {
        self.units.values().filter(move |u| u.parent.as_ref() == Some(unit))
    }
    /// The units above one, nearest first.
    pub fn above<'a>(&'a self, unit: &UnitCode) -> Vec<&'a Unit> {
        let mut line: Vec<&Unit> = Vec::new();
        let mut next = self.units.get(unit).and_then(|u| u.parent.as_ref());
        while let Some(unit) = next.and_then(|code| self.units.get(code)) {
            if line.iter().any(|seen| seen.code == unit.code) {
                break;
            }
            line.push(unit);
            next = unit.parent.as_ref();
        }
        line
    }
}

/// The parsed rows with their places, for the checks of other areas.
pub(super) struct OrgRows {
    pub(super) org: Org,
    /// Codes that exist although their rows did not parse.
    pub(super) broken: BTreeSet<String>,
}

impl OrgRows {
    /// Checks that a unit exists; the row that names it is told otherwise.
    pub(super) fn unit<T>(&self, row: &Row<T>, path: &str, unit: &UnitCode, faults: &mut Faults<'_>) {
        if !self.org.units.contains_key(unit) && !self.broken.contains(unit.as_str()) {
            let known = self.org.units.keys().map(UnitCode::as_str);
            faults.unknown(&row.place, path, What::Unit, unit.as_str(), known);
        }
    }
    /// Checks that a post exists.
    pub(super) fn post<T>(&self, row: &Row<T>, path: &str, post: &PostCode, faults: &mut Faults<'_>) {
        if !self.org.posts.contains_key(post) && !self.broken.contains(post.as_str()) {
            let known = self.org.posts.keys().map(PostCode::as_str);
            faults.unknown(&row.place, path, What::Post, post.as_str(), known);
        }
    }
    /// Whether a unit is a statistical respondent.
    pub(super) fn is_respondent(&self, unit: &UnitCode) -> bool {
        self.org.units.get(unit).is_some_and(|u| u.kind.is_respondent())
    }
}

/// Reads and checks everything of this file.
pub(super) fn read(sheet: &mut Sheet<'_>, files: &[(String, String)], faults: &mut Faults<'_>) -> OrgRows {
    let units: Vec<Row<Unit>> = sheet.take("unit", faults);
    let tables: Vec<Row<Communities>> = sheet.take("communities", faults);
    let posts: Vec<Row<Post>> = sheet.take("post", faults);
    let staffing: Vec<Row<Staffing>> = sheet.take("staffing", faults);
    let areas: Vec<Row<Area>> = sheet.take("area", faults);
    let relations: Vec<Row<Relation>> = sheet.take("relation", faults);
    let patronage: Vec<Row<Patronage>> = sheet.take("patronage", faults);
    let broken = sheet.broken("unit").chain(sheet.broken("post")).map(str::to_owned).collect();
    let mut rows = OrgRows { org: Org::default(), broken };

    rows.org.units = by_code(&units, |u| u.code.clone(), faults);
    for table in &tables {
        communities(table, files, &mut rows, faults);
    }
    for row in &units {
        for (path, other) in [("parent", &row.value.parent), ("managed_by", &row.value.managed_by)] {
            if let Some(other) = other {
                rows.unit(row, path, other, faults);
            }
        }
    }
    let parents =
        units.iter().map(|r| (r.value.code.to_string(), r.value.parent.iter().map(ToString::to_string)));
    if let Some((at, path)) = super::graph::ring(parents)
        && let Some(row) = units.iter().find(|r| r.value.code.as_str() == at)
    {
        faults.add(&row.place, "parent", RuleFlaw::Cycle { path });
    }
    rows.org.posts = make_posts(&staffing, &rows.org.units);
    rows.org.posts.extend(by_code(&posts, |p| p.code.clone(), faults));
    check_posts(&posts, &staffing, &rows, faults);
    rows.org.areas = by_code(&areas, |a| a.code.clone(), faults);
    for row in &areas {
        rows.unit(row, "command", &row.value.command, faults);
    }
    for row in &relations {
        rows.unit(row, "from", &row.value.from, faults);
        rows.unit(row, "to", &row.value.to, faults);
        super::source::span(row, row.value.since, row.value.until, faults);
    }
    for row in &patronage {
        rows.post(row, "patron", &row.value.patron, faults);
        rows.unit(row, "unit", &row.value.unit, faults);
    }
    rows.org.relations = relations.into_iter().map(|r| r.value).collect();
    rows.org.patronage = patronage.into_iter().map(|r| r.value).collect();
    rows
}

fn make_posts(staffing: &[Row<Staffing>], units: &BTreeMap<UnitCode, Unit>) -> BTreeMap<PostCode, Post> {
    let mut posts = BTreeMap::new();
    for line in staffing.iter().map(|r| &r.value) {
        for unit in units.values().filter(|u| line.kinds.contains(&u.kind)) {
            let Ok(code) = PostCode::parse("suffix", &format!("{}.{}", unit.code, line.suffix)) else {
                continue;
            };
            let (unit, title, roles) = (unit.code.clone(), line.title.clone(), line.roles.clone());
            let post = Post { code: code.clone(), unit, title, roles, source: line.source.clone() };
            posts.insert(code, post);
        }
    }
    posts
}

fn check_posts(posts: &[Row<Post>], staffing: &[Row<Staffing>], rows: &OrgRows, faults: &mut Faults<'_>) {
    for row in posts {
        let Post { code, unit, roles, .. } = &row.value;
        rows.unit(row, "unit", unit, faults);
        if code.unit_part() != unit.as_str() {
            faults.add(
                &row.place,
                "code",
                PeopleFlaw::PostUnit { post: code.to_string(), unit: unit.to_string() },
            );
        }
        check_roles(row, roles, faults);
    }
    for row in staffing {
        check_roles(row, &row.value.roles, faults);
    }
}

fn check_roles<T>(row: &Row<T>, roles: &BTreeSet<Slug>, faults: &mut Faults<'_>) {
    for role in roles {
        super::source::role(row, "roles", role, faults);
    }
    let set: RoleSet = roles.iter().filter_map(|r| Role::parse("roles", r.as_str()).ok()).collect();
    if set.clashes() {
        let clash = set.iter().filter(|r| RoleSet::ADMINISTRATORS.contains(*r)).map(Role::code);
        faults.add(
            &row.place,
            "roles",
            PeopleFlaw::Administrators { roles: clash.collect::<Vec<_>>().join("、") },
        );
    }
}

/// Reads the table of communities; their names are proper names and need no English.
fn communities(
    table: &Row<Communities>,
    files: &[(String, String)],
    rows: &mut OrgRows,
    faults: &mut Faults<'_>,
) {
    let Communities { file, source } = &table.value;
    let Some((at, (_, text))) = files.iter().enumerate().find(|(_, (name, _))| name.ends_with(file.as_str()))
    else {
        let names = files.iter().map(|(name, _)| name.as_str());
        return faults.unknown(&table.place, "file", What::File, file, names);
    };
    let mut byte = 0;
    for (n, line) in text.split('\n').enumerate() {
        let start = byte;
        byte += line.len() + 1;
        let line = line.trim();
        if n == 0 || line.is_empty() {
            continue;
        }
        let mut cells = line.split(',');
        let code = cells.next().and_then(|c| UnitCode::parse("code", c).ok());
        let name = cells.next().map(str::trim).filter(|n| !n.is_empty());
        let street = cells.next().and_then(|c| UnitCode::parse("streetCode", c).ok());
        let (Some(code), Some(name), Some(street)) = (code, name, street) else {
            faults.byte(at, start, TextFlaw::Table { given: clip(line) });
            continue;
        };
        if !rows.org.units.contains_key(&street) && !rows.broken.contains(street.as_str()) {
            faults.byte(
                at,
                start,
                TextFlaw::Unknown { what: What::Unit, code: street.to_string(), near: None },
            );
            continue;
        }
        let unit = Unit {
            code: code.clone(),
            kind: UnitKind::Community,
            name: Words::new(name, ""),
            parent: Some(street),
            managed_by: None,
            source: source.clone(),
        };
        if rows.org.units.insert(code.clone(), unit).is_some() {
            faults.byte(at, start, TextFlaw::Duplicate { code: code.to_string(), first: file.clone() });
        }
    }
}

/// Rows by their code; a code that is used twice is reported at its second place.
pub(super) fn by_code<T: Clone, K: Ord + Clone + ToString>(
    rows: &[Row<T>],
    code: impl Fn(&T) -> K,
    faults: &mut Faults<'_>,
) -> BTreeMap<K, T> {
    let mut out: BTreeMap<K, T> = BTreeMap::new();
    let mut first: BTreeMap<K, String> = BTreeMap::new();
    for row in rows {
        let key = code(&row.value);
        if let Some(first) = first.get(&key) {
            faults.add(
                &row.place,
                "code",
                TextFlaw::Duplicate { code: key.to_string(), first: first.clone() },
            );
            continue;
        }
        first.insert(key.clone(), faults.whereabouts(&row.place));
        out.insert(key, row.value.clone());
    }
    out
}
