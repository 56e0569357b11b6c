//! The words of whistles: refusals, and the sentences of the history. One `match` for each.

use super::event::Event;
use super::refusal::WhistleRefusal as W;
use super::vocab::Outcome;
use kernel::text::Lang;

/// Why it is not done.
pub(super) fn reason(no: &W, lang: Lang) -> String {
    let (zh, en) = match no {
        W::Stale { .. } => ("打开页面之后,哨单已被更新", "The whistle changed after the page was opened"),
        W::NoRules {} => ("本区规则没有吹哨报到", "The district’s rules know no whistles"),
        W::OutsideDistrict { .. } => {
            ("该地点不属于本区任何街道", "The place belongs to no street of the district")
        }
        W::PlaceTooWide { .. } => {
            ("地点只到街道,没有到社区", "The place is a whole street and names no community")
        }
        W::NotAPicture { .. } => ("这个文件不是照片", "The file is no picture"),
        W::ResidentNotAsked {} => {
            ("没有居民确认,不能算就地解决", "Without the resident’s word it is not solved")
        }
        W::UnknownType { .. } => ("没有这种哨", "There is no such type of whistle"),
        W::NoCalls {} => ("没有点名部门", "No department was named"),
        W::NotADepartment { .. } => ("只能点名区级部门", "Only departments of the district can be called"),
        W::CalledTwice { .. } => ("该部门已被点名", "The department was called already"),
        W::NoEntry { .. } => {
            ("没有引用该部门的履职事项", "No entry of the duty lists was cited for the department")
        }
        W::UnknownEntry { .. } => ("履职事项清单没有这一条", "The duty lists have no such entry"),
        W::EntryElsewhere { owner: Some(_), .. } => {
            ("按这条履职事项,牵头的是另一单位", "By this entry another unit leads")
        }
        W::EntryElsewhere { owner: None, .. } => (
            "这条是街道的基本履职事项,不能用来点名部门",
            "The entry is a basic duty of streets; it calls no department",
        ),
        W::AckedAlready {} => ("已经应哨", "It was acknowledged already"),
        W::NotAcked {} => ("还没有应哨", "It was not acknowledged yet"),
        W::Disputed {} => ("职责异议正在裁定", "The dispute waits for its ruling"),
        W::DisputeSpent {} => ("已经裁定过一次,裁定有约束力", "It was ruled on once, and the ruling binds"),
        W::DisputeBeforeArrival {} => {
            ("应急哨到场之前不能提异议", "An emergency is not disputed before arrival")
        }
        W::DisputeLate {} => ("已经到场,不能再提异议", "After arrival it is too late to dispute"),
        W::SameEntry { .. } => {
            ("引用的就是被点名的那一条", "It is the very entry that was cited for the call")
        }
        W::NothingToRule { .. } => ("该部门没有待裁定的异议", "No dispute of this department waits"),
        W::NoTarget { .. } => ("引用的事项没有指向其他部门", "The cited entry names no other department"),
        W::MusteredAlready {} => ("有决定权的人员已经到场", "Somebody who may decide is on site already"),
        W::PostElsewhere { .. } => ("到场岗位不属于该部门", "The post belongs to another unit"),
        W::AuthorityNeeded {} => (
            "该岗位本身没有决定权,没有写明谁授权",
            "The post cannot decide by itself, and nobody is named who empowered it",
        ),
        W::NotMustered {} => ("该部门没有有决定权的人员到场", "Nobody of the department came who may decide"),
        W::NoTasks {} => ("方案没有任务", "The plan has no tasks"),
        W::TaskElsewhere { .. } => {
            ("该单位没有被点名,也不是吹哨街道", "The unit was not called, nor is it the street")
        }
        W::TaskPast { .. } => ("任务期限已过", "The task’s day has passed"),
        W::PlannedAlready {} => ("已有联合方案", "There is a joint plan already"),
        W::NoPlan {} => ("还没有联合方案", "There is no joint plan yet"),
        W::DoneAlready {} => ("本部门已经报告", "The department reported already"),
        W::ReleaseLead {} => ("牵头部门不能退出", "The lead cannot be released"),
        W::OneHand {} => ("街道和居民的意见不能由同一岗位登记", "One post may not write down both words"),
        W::UnknownItem { .. } => ("评分表没有这一项", "The sheet has no such item"),
        W::ComputedItem { .. } => ("这一项按记录计算,不能手填", "The item is computed from the record"),
        W::ItemMissing { .. } => ("这一项没有打分", "The item has no points"),
        W::NotScored {} => ("还没有评分", "There are no scores yet"),
        W::ContestedAlready {} => ("已经提过异议", "It was contested already"),
        W::NothingToSettle {} => ("没有待裁定的评分异议", "No contest waits"),
        other => return told(other, lang),
    };
    lang.pick(zh, en).to_owned()
}

/// Reasons that carry a value.
fn told(no: &W, lang: Lang) -> String {
    let (zh, en) = match no {
        W::TooManyPhotos { max, .. } => (format!("照片最多{max}张"), format!("There may be {max} photos")),
        W::TooManyCalls { max, .. } => {
            (format!("一次最多点名{max}个部门"), format!("One whistle calls at most {max} departments"))
        }
        W::TooManyTasks { max, .. } => {
            (format!("联合方案最多{max}项任务"), format!("A plan has at most {max} tasks"))
        }
        W::WrongStage { act, stage } => (
            format!("“{}”状态下不能“{}”", stage.say(Lang::Zh), act.say(Lang::Zh)),
            format!("A whistle that is “{}” does not admit “{}”", stage.say(Lang::En), act.say(Lang::En)),
        ),
        W::StreetOnly { act, .. } => (
            format!("只有吹哨街道可以“{}”", act.say(Lang::Zh)),
            format!("Only the street of the whistle may “{}”", act.say(Lang::En)),
        ),
        W::NotCalled { .. } => ("本单位没有被点名".to_owned(), "This unit was not called".to_owned()),
        W::WordGiven { side } => (
            format!("{}已经表态", side.say(Lang::Zh)),
            format!("The {} gave its word already", side.say(Lang::En)),
        ),
        W::ScoredAlready { sheet } => (
            format!("“{}”已经评过", sheet.say(Lang::Zh)),
            format!("The sheet “{}” is filled in already", sheet.say(Lang::En)),
        ),
        W::PointsOutside { most, .. } => {
            (format!("得分应在0至{most}之间"), format!("Points lie between 0 and {most}"))
        }
        W::UseWhistlePage { act } => (
            format!("“{}”要在哨单页面办理", act.say(Lang::Zh)),
            format!("“{}” is done on the whistle’s page", act.say(Lang::En)),
        ),
        W::RulingPending { until } => (
            format!("职责异议应于{}前裁定", until.minute_text()),
            format!("The dispute is to be ruled on by {}", until.minute_text()),
        ),
        _ => (String::new(), String::new()),
    };
    lang.pick(&zh, &en).to_owned()
}

/// What to do next.
pub(super) fn next(no: &W, lang: Lang) -> String {
    let (zh, en) = match no {
        W::NoRules {} => ("请管理员载入规则", "Ask the administrator to load the rules"),
        W::Stale { .. }
        | W::AckedAlready {}
        | W::MusteredAlready {}
        | W::PlannedAlready {}
        | W::DoneAlready {}
        | W::WordGiven { .. }
        | W::ScoredAlready { .. }
        | W::ContestedAlready {}
        | W::NothingToSettle {} => ("请刷新后查看", "Reload and look again"),
        W::OutsideDistrict { .. } => ("请从列表选择街道或社区", "Choose a street or community from the list"),
        W::PlaceTooWide { .. } => (
            "请选择所在社区,由社区书记向居民核实",
            "Choose the community; its secretary will ask the resident",
        ),
        W::TooManyPhotos { .. } => ("请选最能说明问题的几张", "Choose those that show the matter best"),
        W::NotAPicture { .. } => ("请上传JPG、PNG或WebP照片", "Upload a JPG, PNG or WebP picture"),
        W::WrongStage { .. } => ("请看本页“下一步”", "See “next” on this page"),
        W::StreetOnly { .. } => ("请街道书记办理", "Ask the street’s secretary"),
        W::NotCalled { .. } => {
            ("请由被点名部门的岗位办理", "Let a post of a department that was called do it")
        }
        W::ResidentNotAsked {} => ("请先问居民,并记下答复", "Ask the resident and write the answer down"),
        W::UnknownType { .. } => ("请从列表选择类型", "Choose a type from the list"),
        W::NoCalls {} => ("请至少点名一个部门", "Name at least one department"),
        W::TooManyCalls { .. } => ("请只点名有职责的部门", "Name only departments whose duty it is"),
        W::NotADepartment { .. } => ("请从列表选择部门", "Choose a department from the list"),
        W::CalledTwice { .. } => ("请删除重复的一行", "Remove the second line"),
        W::NoEntry { .. } | W::UnknownEntry { .. } => {
            ("请从履职事项清单引用一条", "Cite an entry of the duty lists")
        }
        W::EntryElsewhere { .. } => (
            "请改为点名该事项的牵头单位,或改引另一条",
            "Call the unit that leads by it, or cite another entry",
        ),
        W::NotAcked {} => ("请先应哨", "Acknowledge first"),
        W::Disputed {} | W::RulingPending { .. } => ("请等待裁定", "Wait for the ruling"),
        W::DisputeSpent {} => ("请按裁定办理", "Act on the ruling"),
        W::DisputeBeforeArrival {} => ("请先到场,再提异议", "Come first, dispute then"),
        W::DisputeLate {} => ("请在评分中说明,或请街道协调", "Say so in the scores, or ask the street"),
        W::SameEntry { .. } => {
            ("请引用能说明属于其他单位的事项", "Cite an entry that makes it somebody else’s")
        }
        W::NothingToRule { .. } => ("请从列表选择有异议的部门", "Choose a department that disputes"),
        W::NoTarget { .. } => (
            "请写明改由哪个部门负责,或裁定为不应吹哨",
            "Name the department, or rule that it should not have been sounded",
        ),
        W::PostElsewhere { .. } => ("请选择本部门的岗位", "Choose a post of the department"),
        W::AuthorityNeeded {} => {
            ("请写明授权人和授权内容,或按旁听登记", "Say who empowered it and for what, or enter an onlooker")
        }
        W::NotMustered {} => ("请有决定权的人员先到场报到", "Let somebody come who may decide"),
        W::NoTasks {} => ("请至少列一项任务", "Write down one task at least"),
        W::TooManyTasks { .. } => ("请合并同类任务", "Join tasks of one kind"),
        W::TaskElsewhere { .. } => ("请先加派该部门", "Call that department first"),
        W::TaskPast { .. } => ("请改为今天或更晚的日期", "Give today or a later day"),
        W::NoPlan {} => ("请先制定联合方案", "Make the joint plan first"),
        W::ReleaseLead {} => {
            ("请由裁定改变牵头,或撤销哨单", "Let a ruling move the lead, or withdraw the whistle")
        }
        W::OneHand {} => {
            ("请由社区书记登记居民意见", "Let the community’s secretary write down the resident’s word")
        }
        W::UnknownItem { .. } => ("请按评分表填写", "Fill in the sheet as it is"),
        W::ComputedItem { .. } => ("请删去这一项", "Leave it out"),
        W::ItemMissing { .. } | W::PointsOutside { .. } => ("请填写该项得分", "Give points for it"),
        W::NotScored {} => ("请先评分", "Score first"),
        W::UseWhistlePage { .. } => ("请打开哨单页面", "Open the whistle’s page"),
    };
    lang.pick(zh, en).to_owned()
}

impl Event {
    /// What happened, in a few words.
    pub fn title(&self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Event::Raised { .. } => ("发现问题,先行处置", "Need raised, tried on the spot"),
            Event::SolvedLocally { .. } => ("就地解决", "Solved locally"),
            Event::Sounded { .. } => ("街道书记吹哨", "The street secretary whistled"),
            Event::Called { lead: true, .. } => ("点名牵头部门", "Lead department called"),
            Event::Called { .. } => ("点名部门", "Department called"),
            Event::Acked { .. } => ("应哨", "Acknowledged"),
            Event::Disputed { .. } => ("提出职责异议", "Disputed"),
            Event::Ruled { .. } => ("职责裁定", "Ruled"),
            Event::Moved { .. } => ("协商移交", "Handed over by agreement"),
            Event::Mustered { .. } => ("到场报到", "Reported on site"),
            Event::Watched { .. } => ("到场旁听", "Came as an onlooker"),
            Event::Planned { .. } => ("联合方案", "Joint plan"),
            Event::Done { .. } => ("报告处置结果", "Result reported"),
            Event::Released { .. } => ("部门退出", "Department released"),
            Event::Missed { .. } => ("应到未到或停滞", "No-show or stall"),
            Event::Escalated { .. } => ("升级至分管领导", "Escalated to the leader in charge"),
            Event::Listed { .. } => ("列入季会办", "Put on the quarterly session"),
            Event::Confirmed { .. } => ("确认办成", "Confirmed as done"),
            Event::NotDone { .. } => ("认为没有办成", "Found not done"),
            Event::Scored { .. } => ("评分", "Scored"),
            Event::Contested { .. } => ("对评分提出异议", "Score contested"),
            Event::Settled { .. } => ("裁定评分", "Score settled"),
            Event::Closed {} => ("办结", "Closed"),
            Event::Cancelled { .. } => ("撤销", "Withdrawn"),
        };
        lang.pick(zh, en)
    }

    /// One sentence for the history; `names` gives the name of a unit or post.
    pub fn say_with(&self, lang: Lang, names: &dyn Fn(&str) -> String) -> String {
        let name = |code: &dyn ToString| names(&code.to_string());
        let (comma, colon) = (lang.pick("，", ", "), lang.pick("：", ": "));
        match self {
            Event::Raised { need, .. } => need.tried.to_string(),
            Event::SolvedLocally { text, resident } => {
                format!("{text}{}{colon}{resident}", lang.pick("；居民答复", "; the resident"))
            }
            Event::Sounded { ask, .. } => ask.to_string(),
            Event::Called { call, .. } => {
                format!("{}{comma}{}{}", name(&call.unit), lang.pick("引用履职事项", "on entry "), call.entry)
            }
            Event::Acked { unit, in_time } => format!("{}{}", name(unit), late(*in_time, lang)),
            Event::Disputed { unit, cited, ground, .. } => {
                format!("{}{}{cited}{colon}{ground}", name(unit), lang.pick("引用", " cites "))
            }
            Event::Ruled { outcome, to, ground, .. } => {
                let to = match outcome {
                    Outcome::Move => format!("{comma}{}", name(to)),
                    Outcome::Keep | Outcome::Misuse => String::new(),
                };
                format!("{}{to}{colon}{ground}", outcome.say(lang))
            }
            Event::Moved { from, to, .. } => format!("{} → {}", name(from), name(to)),
            Event::Mustered { post, authority, in_time, .. } => {
                let by = authority.as_ref().map(|a| format!("{comma}{a}")).unwrap_or_default();
                let can = lang.pick("有决定权", "may decide");
                format!("{}{comma}{can}{by}{}", name(post), late(*in_time, lang))
            }
            Event::Watched { post, .. } => {
                format!(
                    "{}{comma}{}",
                    name(post),
                    lang.pick("无决定权，不计为报到", "may not decide; no muster")
                )
            }
            Event::Planned { tasks, .. } => tasks
                .iter()
                .map(|task| format!("{}{colon}{}{comma}{}", name(&task.unit), task.what, task.due))
                .collect::<Vec<_>>()
                .join(lang.pick("；", "; ")),
            other => other.say_result(lang, &name),
        }
    }

    /// The sentences of results, misses and scores.
    fn say_result(&self, lang: Lang, name: &dyn Fn(&dyn ToString) -> String) -> String {
        let (comma, colon) = (lang.pick("，", ", "), lang.pick("：", ": "));
        match self {
            Event::Done { unit, text, in_time } => {
                format!("{}{}{colon}{text}", name(unit), late(*in_time, lang))
            }
            Event::Released { unit, why } | Event::Contested { unit, why, .. } => {
                format!("{}{colon}{why}", name(unit))
            }
            Event::Missed { unit, kind, due } => {
                let due = format!("{}{}", lang.pick("应于", "due "), due.minute_text());
                format!("{}{comma}{}{comma}{due}", name(unit), kind.say(lang))
            }
            Event::Escalated { unit, kind, leader } => {
                let to = leader.as_ref().map(|post| format!(" → {}", name(post))).unwrap_or_default();
                format!("{}{comma}{}{to}", name(unit), kind.say(lang))
            }
            Event::Listed { unit } => name(unit),
            Event::Confirmed { side, note, .. } | Event::NotDone { side, note, .. } => {
                format!("{}{colon}{note}", side.say(lang))
            }
            Event::Scored { unit, sheet, points, .. } => {
                let total: kernel::money::Decimal = points.values().copied().sum();
                format!("{}{comma}{}{colon}{}", sheet.say(lang), name(unit), total.text(1))
            }
            Event::Settled { unit, ground, .. } => format!("{}{colon}{ground}", name(unit)),
            Event::Cancelled { why } => why.to_string(),
            _ => String::new(),
        }
    }
}

/// Whether a limit was met, as the end of a sentence.
fn late(in_time: Option<bool>, lang: Lang) -> &'static str {
    match in_time {
        Some(false) => lang.pick("，超过时限", ", late"),
        Some(true) => lang.pick("，按时", ", in time"),
        None => "",
    }
}
