//! The lists of this area with their words, in both languages and in one place each.

use kernel::vocab;

vocab!(
    /// Where a case stands (D§B.1), derived by [`crate::rules::stage`] from the duty's state and the case's own facts;
    /// it is a column for lists, and no fact by itself.
    Stage {
        Received = "received", "已受理", "received";
        Dispatched = "dispatched", "已派单", "dispatched";
        Signed = "signed", "已签收", "signed for";
        Contacted = "contacted", "已联系", "petitioner contacted";
        Handling = "handling", "办理中", "being handled";
        Arbitrating = "arbitrating", "退单裁定", "in arbitration";
        DeferralAsked = "deferral_asked", "申请挂账", "deferral asked";
        Deferred = "deferred", "挂账", "deferred";
        Replied = "replied", "已答复待审单", "replied, to be audited";
        Audited = "audited", "待回访", "awaiting the call-back";
        Rated = "rated", "已评价", "rated";
        Unreached = "unreached", "回访未联系上", "not reached";
        Exclusion = "exclusion", "剔除评议", "exclusion under review";
        Scored = "scored", "已计分", "scored";
        Closed = "closed", "已办结", "closed";
        Archived = "archived", "已归档", "archived";
        Answered = "answered", "已当场答复", "answered at once";
        HandedOver = "handed_over", "已转紧急热线", "handed to the emergency line";
        Linked = "linked", "已关联", "linked to another";
        Refused = "refused", "不予受理", "not accepted";
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
        Cancelled = "cancelled", "已撤销", "cancelled";
    }
);

impl Stage {
    /// True where the case left the road without being handled.
    pub fn is_aside(self) -> bool {
        matches!(
            self,
            Stage::Answered
                | Stage::HandedOver
                | Stage::Linked
                | Stage::Refused
                | Stage::Withdrawn
                | Stage::Cancelled
        )
    }
    /// The step of the petitioner's five (受理 派单 办理 答复 评价), 1 to 5; `None` where the case stands aside.
    pub fn step(self) -> Option<u8> {
        match self {
            Stage::Received => Some(1),
            Stage::Dispatched | Stage::Arbitrating => Some(2),
            Stage::Signed | Stage::Contacted | Stage::Handling | Stage::DeferralAsked | Stage::Deferred => {
                Some(3)
            }
            Stage::Replied | Stage::Audited => Some(4),
            Stage::Rated
            | Stage::Unreached
            | Stage::Exclusion
            | Stage::Scored
            | Stage::Closed
            | Stage::Archived => Some(5),
            _ => None,
        }
    }
}

vocab!(
    /// The emergency lines that a matter of life or property goes to at once (D§4.27).
    EmergencyLine {
        Police = "110", "110报警", "110 police";
        Fire = "119", "119消防", "119 fire";
        Medical = "120", "120急救", "120 ambulance";
        Traffic = "122", "122交通事故", "122 road accidents";
    }
);
vocab!(
    /// Why a request is not accepted (D§B.1 row 5); another route is always told.
    RefusalGround {
        BeyondDuty = "beyond_duty", "不属政府职责", "beyond the duty of government";
        OtherDistrict = "other_district", "属其他区县", "another district's matter";
        InCourt = "in_court", "已进入诉讼仲裁", "in court or arbitration";
        InPetition = "in_petition", "已进入信访程序", "in the petition procedure";
        InReview = "in_review", "已进入行政复议", "under administrative review";
        Unlawful = "unlawful", "诉求违法或违背公序良俗", "unlawful or against public order";
    }
);
vocab!(
    /// How the handler spoke to whoever asked.
    ContactWay {
        Phone = "phone", "电话", "phone";
        Message = "message", "短信或网上消息", "message";
        Visit = "visit", "上门", "visit";
        Meeting = "meeting", "现场见面", "met on site";
    }
);
vocab!(
    /// What a petitioner says after filing.
    MessageKind {
        More = "more", "补充情况", "further words";
        NotSolved = "not_solved", "没有解决", "not solved";
        Objection = "objection", "对挂账有异议", "objects to the deferral";
        Coached = "coached", "有人要求改评价", "was told how to rate";
    }
);
vocab!(
    /// Why a scored case is left out of every base.
    LeftOut {
        Staff = "staff", "工作人员自报的简易单", "easy order made by staff";
        SameProblem = "same_problem", "与本月已计的同一问题重复", "same problem as one counted this month";
        Aside = "aside", "未进入办理", "was not handled";
    }
);
vocab!(
    /// The four elements of a reply that the audit looks for (D§B.1 row 17, S15).
    Element {
        Accepted = "accepted", "受理时间", "when it was accepted";
        Spoken = "spoken", "联系何人", "whom one spoke to";
        Measures = "measures", "采取措施", "what was done";
        Limit = "limit", "完成时限", "until when";
    }
);
vocab!(
    /// What can be done to a case beside the acts of its duty.
    Act {
        Classify = "classify", "分类", "classify";
        Dispatch = "dispatch", "派单", "dispatch";
        Answer = "answer", "当场答复", "answer at once";
        HandOver = "hand_over", "转紧急热线", "hand to the emergency line";
        Refuse = "refuse", "不予受理", "do not accept";
        Link = "link", "关联重复件", "link a duplicate";
        Unlink = "unlink", "解除关联", "unlink";
        Withdraw = "withdraw", "撤回", "withdraw";
        Message = "message", "补充说明", "say more";
        Contact = "contact", "记录联系", "record a contact";
        Reply = "reply", "答复", "reply";
        Audit = "audit", "审单", "audit the reply";
        CallBack = "call_back", "回访", "call back";
        Rate = "rate", "评价", "rate";
        Reopen = "reopen", "重新办理", "take up again";
        Endorse = "endorse", "同意上报挂账", "endorse the deferral";
        Object = "object", "裁定挂账异议", "decide on an objection";
        ProposeExclusion = "propose_exclusion", "申请剔除", "propose an exclusion";
        DecideExclusion = "decide_exclusion", "评议剔除", "decide on an exclusion";
        AppealExclusion = "appeal_exclusion", "对评议提出申诉", "appeal against the decision";
        LookBack = "look_back", "回头看", "look back";
        Reveal = "reveal", "查看联系方式", "reveal the contact";
        ExportPersonal = "export_personal", "导出本人信息", "export personal data";
        Erase = "erase", "删除个人信息", "erase personal data";
    }
);
