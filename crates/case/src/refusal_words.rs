//! The words of this area's refusals: reason and next step of each, each in the `match` of its group.

use crate::refusal::CaseRefusal as R;
use kernel::{Lang, Words};

fn both(zh: impl Into<String>, en: impl Into<String>, next_zh: &str, next_en: &str) -> (Words, Words) {
    (Words::new(zh, en), Words::new(next_zh, next_en))
}

/// Reason and next step.
pub(crate) fn words(no: &R) -> (Words, Words) {
    intake(no)
        .or_else(|| place_and_number(no))
        .or_else(|| sorting(no))
        .or_else(|| work(no))
        .or_else(|| guarded(no))
        .or_else(|| judgement(no))
        .unwrap_or_else(|| last(no))
}

/// What the door refuses.
fn intake(no: &R) -> Option<(Words, Words)> {
    Some(match no {
        R::NoText {} => both(
            "没有写明诉求内容",
            "The request has no text",
            "请用一两句话写明时间、地点和事情经过",
            "Say in a sentence or two when, where and what happened",
        ),
        R::TextTooLong { n, max } => both(
            format!("诉求内容有{n}个字，上限是{max}个字"),
            format!("The text has {n} characters, the cap is {max}"),
            "请缩短文字，详细材料可作为附件上传",
            "Shorten it; details can be attached as files",
        ),
        R::TooManyFiles { n, max } => both(
            format!("附件有{n}个，上限是{max}个"),
            format!("There are {n} files, the cap is {max}"),
            "请只保留最能说明问题的附件",
            "Keep the files that show the matter best",
        ),
        R::NotAPhone { .. } => both(
            "联系电话不是有效的号码",
            "This is not a telephone number",
            "请填写11位手机号，或带区号的固定电话；不愿留电话可选择匿名",
            "Give an 11-digit mobile number or a landline with its area code, or choose to stay anonymous",
        ),
        R::NotAMail { .. } => both(
            "邮箱地址无效",
            "This is not a mail address",
            "请改正邮箱地址，或改留电话",
            "Correct the address, or give a telephone number",
        ),
        R::NoContact {} => both(
            "没有留下联系方式，也没有选择匿名",
            "No contact was given, and anonymity was not chosen",
            "请填写联系电话；选择匿名的，请保存好查询码",
            "Give a telephone number, or choose anonymity and keep the query code",
        ),
        R::UnknownCategory { .. } => both(
            "没有这个诉求类别",
            "There is no such category",
            "请从类别列表中选择；不确定时可以不选",
            "Choose one from the list, or leave it empty when unsure",
        ),
        R::KindNotOffered { kind, category } => both(
            format!("类别{category}不受理“{}”", kind.say(Lang::Zh)),
            format!("Category {category} does not take a {}", kind.say(Lang::En)),
            "请换一个类别，或改选诉求类型",
            "Choose another category or another kind",
        ),
        R::UnknownQuestion { .. } => both(
            "这个类别没有这个问题，或答案不在选项中",
            "The category asks no such question, or the answer is none of its choices",
            "请按类别所列的问题填写",
            "Answer the questions that the category lists",
        ),
        R::QuestionOpen { zh, en, .. } => both(
            format!("还没有回答：{zh}"),
            format!("Not answered yet: {en}"),
            "请填写后提交",
            "Answer it and submit again",
        ),
        R::UnknownUnit { .. } => both(
            "没有这个单位",
            "There is no such unit",
            "请从单位列表中选择，或在正文中写明被反映对象",
            "Choose one from the list, or name it in the text",
        ),
        _ => return None,
    })
}

/// What the door refuses about place, time and number.
fn place_and_number(no: &R) -> Option<(Words, Words)> {
    Some(match no {
        R::OutsideDistrict { .. } => both(
            "地点不在本区范围内",
            "The place is outside this district",
            "请选择本区的街道或社区；其他区县的事请拨打当地12345",
            "Choose a street or community of this district; for other districts call 12345 there",
        ),
        R::NoPlace {} => both(
            "没有填写地点",
            "No place was given",
            "请选择街道或社区，或填写地址；确实不清楚的，请勾选“地点不详”",
            "Choose a street or community, give an address, or tick “place unknown”",
        ),
        R::FromTheFuture {} => both(
            "受理时间晚于当前时间",
            "It is said to have been received later than now",
            "请核对受理时间",
            "Check when it was received",
        ),
        R::OtherDistrict { .. } => both(
            "这个编号是其他区县的诉求",
            "This number belongs to another district",
            "请到编号前六位所示区县的网站查询",
            "Ask at the district that the first six digits name",
        ),
        R::NoSuchNumber {} => both(
            "编号与查询码不符，或没有这件诉求",
            "Number and query code do not match, or there is no such request",
            "请核对回执上的编号和查询码；遗失查询码可拨打12345",
            "Check both on the receipt; if the code is lost, call 12345",
        ),
        R::NoRules {} => both(
            "本区规则库没有诉求办理规则，暂不能受理",
            "The district's playbook has no rules for cases",
            "请管理员载入含诉求规则的规则库",
            "Ask the administrator to load a playbook with rules for cases",
        ),
        _ => return None,
    })
}

/// What sorting and dispatching refuse.
fn sorting(no: &R) -> Option<(Words, Words)> {
    Some(match no {
        R::NotAConsultation { kind } => both(
            format!("“{}”不能当场答复办结", kind.say(Lang::Zh)),
            format!("A {} cannot be closed by an answer at once", kind.say(Lang::En)),
            "请派单办理；确属咨询的，请先改正诉求类型",
            "Dispatch it; if it is a question, correct its kind first",
        ),
        R::NotClassified {} => both(
            "尚未确定诉求类别",
            "It has no category yet",
            "请先分类再派单",
            "Classify it before dispatching",
        ),
        R::NoRoute {} => both(
            "规则库没有指明承办单位",
            "The playbook names no party for it",
            "请指定承办单位，并引用履职事项",
            "Name the unit and cite the mandate entry",
        ),
        R::DetourNeedsNote { route, unit } => both(
            format!("派往{unit}与规则库指定的{route}不同，没有写明理由"),
            format!("It goes to {unit} and not to {route} as the playbook says, without a reason"),
            "请写明改派理由",
            "Say why it goes elsewhere",
        ),
        R::AgainstItself { unit } => both(
            format!("保密诉求不能派给被反映单位{unit}"),
            format!("A confidential case may not go to {unit}, which it is about"),
            "请派给其上级或主管部门",
            "Send it to the unit above or to the competent department",
        ),
        _ => return None,
    })
}

/// What the state, the page or the link refuses.
fn work(no: &R) -> Option<(Words, Words)> {
    Some(match no {
        R::WrongStage { act, stage } => both(
            format!("诉求现为“{}”，不能{}", stage.say(Lang::Zh), act.say(Lang::Zh)),
            format!("The case is “{}”; it does not admit “{}”", stage.say(Lang::En), act.say(Lang::En)),
            "请刷新页面，按当前环节操作",
            "Reload the page and act on the present stage",
        ),
        R::Ended { stage } => both(
            format!("诉求已结束：{}", stage.say(Lang::Zh)),
            format!("The case has ended: {}", stage.say(Lang::En)),
            "如有新情况，请另行登记并关联本件",
            "For a new fact record a new case and link it to this one",
        ),
        R::Stale { given, now } => both(
            format!("页面版本为{given}，现已是{now}"),
            format!("The page showed revision {given}; it is {now} now"),
            "请刷新后重新操作",
            "Reload and do it again",
        ),
        R::LinkSelf {} => {
            both("不能关联到自身", "It cannot be linked to itself", "请选择另一件诉求", "Choose another case")
        }
        R::LinkTarget { no } => both(
            format!("{no}已结束或本身已关联到别件，不能作为主件"),
            format!("{no} has ended or is itself linked to another"),
            "请关联到正在办理的主件；已办结又重发的，请直接派单",
            "Link to the case that is being handled; a recurrence is dispatched by itself",
        ),
        R::NotLinked {} => {
            both("这件诉求没有关联到别件", "This case is not linked", "请刷新页面", "Reload the page")
        }
        R::HasLinks { n } => both(
            format!("有{n}件诉求关联到这一件，每位诉求人都应得到答复"),
            format!("{n} cases are linked to it; each petitioner is owed an answer"),
            "请先解除关联或改为关联到别件",
            "Unlink them or link them elsewhere first",
        ),
        _ => return None,
    })
}

/// What privacy and deferral refuse.
fn guarded(no: &R) -> Option<(Words, Words)> {
    Some(match no {
        R::Shielded {} => both(
            "诉求人要求保密，联系方式只由热线掌握",
            "The petitioner asked for confidentiality; only the hotline knows the contact",
            "请通过热线联系诉求人",
            "Ask the hotline to contact the petitioner",
        ),
        R::NoSealedContact {} => both(
            "没有联系方式，或已依法删除",
            "There is no contact, or it was erased",
            "请通过查询页面留言联系",
            "Use the messages of the tracking page",
        ),
        R::UnknownReason { .. } => both(
            "查看理由不在规则库列出的范围内",
            "The reason is not one that the playbook lists",
            "请从列表中选择理由",
            "Choose a reason from the list",
        ),
        R::RevealsSpent { max } => both(
            format!("本岗位今日查看联系方式已达{max}次"),
            format!("This post has revealed contacts {max} times today"),
            "请明日再试，或由其他岗位办理",
            "Try again tomorrow, or let another post do it",
        ),
        R::NotEndorsed {} => both(
            "挂账须先经12345热线同意，再由区里审批",
            "A deferral needs the hotline's consent before the district's",
            "请热线先出具意见",
            "Ask the hotline for its opinion first",
        ),
        R::BothConsents {} => both(
            "同一岗位不能既代表热线又代表区里同意挂账",
            "One post cannot give both consents to a deferral",
            "请由另一岗位审批",
            "Let another post decide",
        ),
        R::DeferralCap { unit, deferred, open, percent } => both(
            format!("{unit}在办{open}件、已挂账{deferred}件，超过{percent}%的上限"),
            format!("{unit} has {open} open and {deferred} deferred cases: beyond the cap of {percent} %"),
            "请先办结或恢复已挂账事项",
            "Finish or resume deferred cases first",
        ),
        R::NothingToEndorse {} => both(
            "没有待热线出具意见的挂账申请",
            "No deferral waits for the hotline's opinion",
            "请刷新页面",
            "Reload the page",
        ),
        R::NoObjection {} => both("没有待裁定的异议", "No objection waits", "请刷新页面", "Reload the page"),
        _ => return None,
    })
}

/// What audit, call-back, exclusion and privacy refuse.
fn judgement(no: &R) -> Option<(Words, Words)> {
    Some(match no {
        R::NoDefects {} => both(
            "审单不通过，但没有写明缺什么",
            "The audit fails without saying what is lacking",
            "请逐条写明缺少的要素",
            "Name each missing element",
        ),
        R::AnswerNeeded {} => both(
            "已联系上诉求人，但没有记录是否解决和满意度",
            "The petitioner was reached, but solved and grade are not recorded",
            "请记录诉求人的原话选择，不得代填",
            "Record what the petitioner chose; never fill it in",
        ),
        R::OwnLine { unit } => both(
            format!("{unit}是承办单位或其上下级，不能由其审核、回访或评议"),
            format!("{unit} is the handler's unit or in its line and may not judge its work"),
            "请由热线或评议岗位办理",
            "Let the hotline or the panel do it",
        ),
        R::TooSoon { until } => both(
            format!("再次回访应换一个时段，{}以后再试", until.minute_text()),
            format!("The next attempt is for another time of day, from {}", until.minute_text()),
            "请先回访其他诉求",
            "Call others first",
        ),
        R::AttemptsSpent { max } => both(
            format!("已回访{max}次，仍未联系上"),
            format!("{max} attempts were made without reaching anybody"),
            "按“未联系上”处理，诉求人仍可自行评价",
            "It counts as not reached; the petitioner may still rate",
        ),
        R::CalledAlready {} => both(
            "本轮已经回访",
            "It was called back in this round",
            "请查看回访记录",
            "See the record of the call",
        ),
        R::SecondCaller {} => both(
            "抽样复核须由另一岗位回访",
            "The second call must be made by another post",
            "请由另一回访岗位办理",
            "Let another post call",
        ),
        R::RatedAlready {} => both(
            "本轮已经评价",
            "It was rated in this round",
            "如有新情况，请补充说明或提出没有解决",
            "Say more, or say that it is not solved",
        ),
        R::NothingToReopen {} => both(
            "诉求人已确认解决，没有理由重新办理",
            "The petitioner says it is solved; there is no reason to take it up again",
            "如有新情况，请写明",
            "Name the new fact",
        ),
        _ => return None,
    })
}

/// What the panel, the look-back and erasure refuse.
fn last(no: &R) -> (Words, Words) {
    match no {
        R::UnknownClass { .. } => both(
            "没有这个剔除类别",
            "There is no such class of exclusion",
            "请从规则库所列类别中选择",
            "Choose one of the playbook's classes",
        ),
        R::EvidenceShort { need, have } => both(
            format!("这一类别至少需要{need}份佐证，现有{have}份"),
            format!("This class needs at least {need} files, {have} were given"),
            "请补充佐证",
            "Add the evidence",
        ),
        R::ExclusionLate { until } => both(
            format!("申请剔除的期限是{}", until.minute_text()),
            format!("An exclusion could be proposed until {}", until.minute_text()),
            "本轮按评价结果计分",
            "The round is scored as rated",
        ),
        R::ExclusionTwice {} => both(
            "本轮已申请过剔除",
            "An exclusion was already proposed in this round",
            "请查看评议结果，可以申诉",
            "See the decision; it can be appealed against",
        ),
        R::NothingToDecide {} => {
            both("没有待评议的剔除申请", "No exclusion waits for the panel", "请刷新页面", "Reload the page")
        }
        R::SameDecider {} => both(
            "申诉不能由原评议岗位裁定",
            "Who decided first may not decide on the appeal",
            "请由另一评议岗位裁定",
            "Let another post of the panel decide",
        ),
        R::AppealLate { until } => both(
            format!("申诉期限是{}", until.minute_text()),
            format!("An appeal was possible until {}", until.minute_text()),
            "评议结果生效",
            "The decision stands",
        ),
        R::NothingToAppeal {} => both(
            "没有可以申诉的评议结果",
            "There is no decision to appeal against",
            "请先等待评议结果",
            "Wait for the decision",
        ),
        R::NotDue {} => both(
            "尚未到回头看的日子，或已全部完成",
            "No look-back is due, or all are done",
            "请从到期列表办理",
            "Work from the list of what is due",
        ),
        R::ErasedAlready {} => both(
            "个人信息已经删除",
            "The personal data were erased already",
            "无需再次操作",
            "Nothing remains to be done",
        ),
        R::StillOpen {} => both(
            "诉求仍在办理，删除后将无法答复",
            "The case is still open; without the data nobody can be answered",
            "请先办结或由诉求人撤回",
            "Finish it, or let the petitioner withdraw it first",
        ),
        _ => both("不能办理", "It cannot be done", "请刷新页面后重试", "Reload the page and try again"),
    }
}
