//! The fixed lists of the lifecycle (D§11) with their words: one macro, so that no list can lack a language.

use crate::text::Lang;
use serde::{Deserialize, Serialize};

macro_rules! vocab {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = concat!($zh, ": ", $en, ".")] $variant,)+
        }
        impl $name {
            /// Every value, in the order in which pages list them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word of `lang`.
            pub fn say(self, lang: Lang) -> &'static str {
                match self {
                    $($name::$variant => lang.pick($zh, $en),)+
                }
            }
        }
    };
}

vocab!(
    /// Priority, most urgent first (D§11).
    Priority {
        Top = "特急", "top urgent";
        Urgent = "加急", "urgent";
        Brisk = "平急", "brisk";
        General = "一般", "general";
    }
);
vocab!(
    /// Who may see the duty at all (D§2.1); finer rules are `kernel::access`'s.
    Visibility {
        Internal = "内部", "internal";
        Public = "公开", "public";
        Petitioner = "诉求人可见", "visible to the petitioner";
        Excluded = "不予展示", "excluded from lists";
    }
);
vocab!(
    /// What a duty rests on (D§2.1, D§4.20).
    GroundKind {
        Document = "文件", "document";
        MeetingDecision = "会议议定", "meeting decision";
        Instruction = "领导批示", "leader's instruction";
        CitizenAppeal = "群众诉求", "citizen's appeal";
        Statute = "法律法规", "statute";
        UpperList = "上级清单", "list of the level above";
        WorkReport = "政府工作报告", "government work report";
        Proposal = "建议提案", "proposal of deputies or members";
        Inspection = "巡察检查", "inspection finding";
        Promise = "承诺", "promise given";
    }
);
vocab!(
    /// Where a duty's text comes from; pages show 示例 for examples and simulated ones.
    Mark {
        Article = "原文", "from the article";
        Example = "示例", "example";
        Simulated = "模拟", "simulated";
        Imported = "导入", "imported";
        Confidential = "保密诉求", "confidential petitioner";
        Campaign = "专项行动", "campaign";
    }
);
vocab!(
    /// How two duties relate (D§2.1); parent and child are kept apart from these.
    RelationKind {
        DuplicateOf = "重复于", "duplicate of";
        Absorbed = "并入了", "absorbed";
        SplitFrom = "拆分自", "split from";
        Blocks = "制约", "blocks";
        BlockedBy = "受制于", "blocked by";
        EscalatesTo = "提级至", "escalates to";
        OriginatesFrom = "来源于", "originates from";
    }
);
vocab!(
    /// What the handler says came of it (D§11). It is a claim; [`Solved`] is what a verifier found.
    OutcomeClass {
        Resolved = "已解决", "resolved";
        Partial = "部分解决", "partly resolved";
        Explained = "已解释说明", "explained";
        PlannedWithDate = "已列入计划", "planned with a date";
        NotSolvedLawful = "依法不能解决", "cannot lawfully be solved";
        Refused = "不属职责", "not within duty";
        Unfounded = "不属实", "unfounded";
    }
);
vocab!(
    /// What the verifier or the person who asked found, apart from timeliness (D§15.7).
    Solved {
        Yes = "已解决", "solved";
        Partly = "部分解决", "partly solved";
        No = "未解决", "not solved";
        NotAsked = "未询问", "not asked";
        Unreached = "未联系上", "not reached";
    }
);
vocab!(
    /// Why a unit sends a duty back (D§11).
    ReturnReason {
        NotMyArea = "不在辖区", "not in our area";
        NotMyDuty = "不属职责", "not our duty";
        OwnershipUnclear = "权属不清", "ownership unclear";
        LegalRouteOnly = "应走法定途径", "only the legal route is open";
        Duplicate = "重复事项", "duplicate";
        InsufficientInfo = "信息不全", "information lacking";
    }
);
vocab!(
    /// Why a duty is deferred 挂账 (D§11).
    DeferralReason {
        Funding = "资金", "funding";
        Planning = "规划", "planning";
        HistoricTitle = "历史遗留产权", "historic title";
        MultiLevelPolicy = "需上级政策", "policy of several levels";
        Litigation = "诉讼仲裁", "litigation";
        Season = "季节性", "season";
    }
);
vocab!(
    /// Who moves a due day once it is set. A district's 137 items are the city's: their dates change by the city's word
    /// only, which the plan's request to change an item records with its document (D§4.19).
    DueOwner {
        Duty = "事项延期", "the duty’s own extension";
        Plan = "年度计划的“申请调整”", "the plan’s request to change an item";
    }
);
#[expect(clippy::derivable_impls, reason = "the macro of the fixed lists has no place for a default variant")]
impl Default for DueOwner {
    fn default() -> Self {
        DueOwner::Duty
    }
}
vocab!(
    /// What brings a deferred duty back (D§B.1 row 15).
    ResumeTrigger {
        ReviewDay = "复核日到", "review day reached";
        Changed = "条件变化", "conditions changed";
        Objection = "异议成立", "objection upheld";
        Withdrawn = "申请撤回", "request withdrawn";
    }
);
vocab!(
    /// Why a finished duty is taken up again (D§2.2, D§15.7).
    ReopenReason {
        NewFact = "新情况", "new fact";
        LookBackFailed = "回头看不合格", "look-back failed";
        Petitioner = "诉求人申请", "petitioner asked";
        Recurrence = "同址重发", "recurred at the same place";
        NewInstruction = "新批示", "new instruction";
    }
);
vocab!(
    /// Kinds of evidence (D§11).
    EvidenceKind {
        Document = "文件", "document";
        Certificate = "证照", "certificate";
        Photo = "照片", "photo";
        Video = "视频", "video";
        Measurement = "测量数据", "measurement";
        BankVoucher = "银行凭证", "bank voucher";
        Invoice = "发票", "invoice";
        Minutes = "纪要", "minutes";
        CallRecording = "通话录音", "call recording";
        Confirmation = "确认书", "confirmation";
        SystemLog = "系统记录", "system log";
    }
);
vocab!(
    /// Kinds of verification (D§11).
    VerificationKind {
        CallBack = "回访", "call-back";
        SiteCheck = "现场核查", "site check";
        DocumentCheck = "材料审核", "document check";
        SampleAudit = "抽查", "sample audit";
        ThirdParty = "第三方核验", "third party";
        PetitionerConfirm = "诉求人确认", "petitioner's confirmation";
        InstrumentReading = "仪器读数", "instrument reading";
        LookBack = "回头看", "look-back";
    }
);
vocab!(
    /// What stands in the way when a unit asks for help from above (D§11).
    BlockKind {
        Land = "用地", "land";
        Demolition = "征拆", "demolition";
        Planning = "规划", "planning";
        Forest = "林地", "forest";
        Eia = "环评", "environmental assessment";
        Funds = "资金", "funds";
        Utilities = "水电气", "utilities";
        Pipelines = "管线", "pipelines";
        Approval = "审批", "approval";
        Firm = "企业自身", "the firm itself";
        Neighbours = "周边群众", "neighbours";
        Material = "材料", "material";
        Weather = "天气", "weather";
        Powers = "职权不足", "lack of powers";
    }
);
vocab!(
    /// How long the record is kept (D§8.3).
    Retention {
        Permanent = "永久", "permanent";
        Years30 = "30年", "30 years";
        Years10 = "10年", "10 years";
    }
);
vocab!(
    /// Why a unit holds the duty during a span of time; the timeline prints it.
    HoldWhy {
        Drafting = "拟办", "drafting";
        ToAssign = "待交办", "to be assigned";
        ToAccept = "待签收", "to be accepted";
        Handling = "办理", "handling";
        Arbitration = "待裁定", "arbitration";
        ToVerify = "待核验", "to be verified";
        ToClose = "待办结", "to be closed";
    }
);
vocab!(
    /// The name of a state without its facts.
    StateName {
        Draft = "拟办", "draft";
        Registered = "已立项", "registered";
        Assigned = "已交办", "assigned";
        Accepted = "已签收", "accepted";
        InProgress = "办理中", "in progress";
        SuspendAsked = "申请挂账", "deferral asked";
        Suspended = "挂账", "deferred";
        Arbitrating = "退回裁定", "in arbitration";
        Submitted = "已反馈", "submitted";
        Verified = "已核验", "verified";
        Closed = "已办结", "closed";
        Archived = "已销号", "archived";
        Merged = "已并单", "merged";
        Split = "已拆单", "split";
        Cancelled = "已撤销", "cancelled";
    }
);
vocab!(
    /// The acts, as verbs on buttons; serde names are the `act` tags of commands.
    Act {
        Draft = "拟办", "draft";
        Register = "立项", "register";
        Assign = "交办", "assign";
        Accept = "签收", "accept";
        Return = "退回", "return";
        Rule = "裁定", "rule";
        OfferLead = "协商移交牵头", "offer the lead";
        TakeLead = "同意牵头", "take the lead";
        DeclineLead = "谢绝牵头", "decline the lead";
        Start = "开始办理", "start";
        NoteProgress = "填报进展", "note progress";
        AddSupport = "加派配合", "add support";
        AskSuspend = "申请挂账", "ask to defer";
        GrantSuspend = "同意挂账", "grant deferral";
        RefuseSuspend = "不同意挂账", "refuse deferral";
        Resume = "恢复办理", "resume";
        AskExtend = "申请延期", "ask for more time";
        GrantExtend = "同意延期", "grant more time";
        RefuseExtend = "不同意延期", "refuse more time";
        AddEvidence = "添加佐证", "add evidence";
        VerifyEvidence = "核对佐证", "check evidence";
        Submit = "反馈", "submit";
        Reject = "退回重办", "reject";
        Verify = "核验", "verify";
        Close = "办结", "close";
        Archive = "销号", "archive";
        Reopen = "重启", "reopen";
        Split = "拆单", "split";
        Merge = "并单", "merge";
        Cancel = "撤销", "cancel";
        HandOver = "移交岗位", "hand over";
        TakeOver = "接手", "take over";
        Urge = "催办", "urge";
        Escalate = "升级", "escalate";
        Recompute = "重算期限", "recompute limits";
        SetPatron = "确定包保领导", "set the patron";
        Raise = "提请", "raise";
        Link = "关联", "link";
    }
);
vocab!(
    /// Who an act belongs to, as refusals name them.
    Who {
        Registrar = "立项岗位", "the post that registered it";
        RegistrarRole = "有立项权限的岗位", "a post that may register";
        Desk = "立项岗位、督办人或有交办权限的岗位", "the registrar, the superintendent or a post that may assign";
        Lead = "牵头单位", "the lead unit";
        Offered = "被商请单位", "the unit that was asked";
        Successor = "被移交岗位", "the post it was handed to";
        Arbiter = "裁定岗位", "an arbiter";
        Approver = "审批岗位", "an approver";
        Verifier = "核验岗位", "a verifier";
        Closer = "办结岗位", "a post that may close";
        System = "系统任务", "a system job";
    }
);
vocab!(
    /// A fact that the caller had to load before deciding.
    Fact {
        Number = "编号", "the number";
        Rule = "时限规则", "the clock rule";
        LeadFacts = "目标单位信息", "the facts of the target unit";
        ChildIds = "子事项编号", "ids for the children";
        MergeTarget = "并入事项信息", "the facts of the merge target";
        Identity = "事项标识", "the id of the new duty";
    }
);
