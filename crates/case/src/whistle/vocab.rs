//! The fixed lists of a whistle with their words.

use kernel::vocab;
use utoipa::ToSchema;

vocab!(
    /// Where a whistle stands (D§B.2); derived from its facts by [`super::model::Whistle::stage`], never set by hand.
    #[derive(ToSchema)]
    Stage {
        Need = "need", "需要", "need";
        Sounded = "sounded", "已吹哨", "sounded";
        Arbitrating = "arbitrating", "职责裁定", "in arbitration";
        Acked = "acked", "已应哨", "acknowledged";
        Mustered = "mustered", "已报到", "mustered";
        Working = "working", "处置中", "being handled";
        Checking = "checking", "待确认", "to be confirmed";
        Scored = "scored", "待评价", "to be scored";
        Closed = "closed", "已办结", "closed";
        Solved = "solved", "就地解决", "solved locally";
        Misused = "misused", "不应吹哨", "should not have been sounded";
        Cancelled = "cancelled", "已撤销", "withdrawn";
    }
);

impl Stage {
    /// True while somebody still owes something.
    pub fn is_open(self) -> bool {
        !matches!(self, Stage::Closed | Stage::Solved | Stage::Misused | Stage::Cancelled)
    }
    /// The step of the five-step stepper, 1 to 5: need, whistle, report, handling, score.
    pub fn step(self) -> u8 {
        match self {
            Stage::Need | Stage::Solved => 1,
            Stage::Sounded | Stage::Arbitrating | Stage::Misused | Stage::Cancelled => 2,
            Stage::Acked | Stage::Mustered => 3,
            Stage::Working | Stage::Checking => 4,
            Stage::Scored | Stage::Closed => 5,
        }
    }
}

vocab!(
    /// How the need came to be known.
    #[derive(ToSchema)]
    Found {
        Patrol = "patrol", "网格巡查发现", "found on a round";
        Resident = "resident", "群众当面反映", "told by a resident";
        Hotline = "hotline", "热线转来", "passed on by the hotline";
    }
);
vocab!(
    /// What came of a dispute (D§B.2).
    #[derive(ToSchema)]
    Outcome {
        Keep = "keep", "仍由原单位负责", "stays where it is";
        Move = "move", "改由另一单位负责", "goes to another unit";
        Misuse = "misuse", "不应吹哨", "should not have been sounded";
    }
);
vocab!(
    /// What a department failed to do.
    #[derive(ToSchema)]
    MissKind {
        NoShow = "no_show", "应到未到", "did not come";
        Stall = "stall", "停滞", "stalled";
    }
);
vocab!(
    /// Whose word on the result.
    #[derive(ToSchema)]
    Side {
        Street = "street", "街道", "street";
        Resident = "resident", "居民", "resident";
    }
);
vocab!(
    /// Which of the two score sheets: what is judged on it.
    #[derive(ToSchema)]
    Sheet {
        Department = "department", "街道评部门", "the street on the department";
        Street = "street", "部门评吹哨", "the department on the whistle";
    }
);
vocab!(
    /// How the resident was asked.
    #[derive(ToSchema)]
    How {
        Phone = "phone", "电话", "by telephone";
        OnSite = "on_site", "当面", "face to face";
        Message = "message", "短信或网上", "by message or online";
    }
);
vocab!(
    /// Whether the number of whistles is usual (D§15.17): a band, never a rank.
    #[derive(ToSchema)]
    Level {
        Low = "low", "偏低", "too low";
        Usual = "usual", "正常", "usual";
        High = "high", "偏高", "too high";
        Unknown = "unknown", "数据不足", "too little data";
    }
);
vocab!(
    /// The acts of a whistle, as verbs on buttons; the codes are the `act` tags of commands.
    #[derive(ToSchema)]
    Act {
        Solve = "solve", "就地解决", "solved locally";
        Sound = "sound", "吹哨", "sound the whistle";
        Call = "call", "加派部门", "call a further department";
        Ack = "ack", "应哨", "acknowledge";
        Dispute = "dispute", "提出职责异议", "dispute";
        Rule = "rule", "裁定", "rule";
        Muster = "muster", "到场报到", "report on site";
        Plan = "plan", "制定联合方案", "make the joint plan";
        Done = "done", "报告处置结果", "report the result";
        Release = "release", "请部门退出", "release a department";
        Confirm = "confirm", "确认结果", "confirm the result";
        Score = "score", "评分", "score";
        Contest = "contest", "对评分提出异议", "contest a score";
        Settle = "settle", "裁定评分", "settle a score";
        Cancel = "cancel", "撤销", "withdraw";
    }
);
