//! How topics say no.

use kernel::{Kind, Lang, Refuse, Words};

/// Why a topic is not opened or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicRefusal {
    /// No such category.
    UnknownCategory {
        /// What was given.
        given: String,
    },
    /// Neither a street nor a community.
    NotAPlace {
        /// What was given.
        given: String,
    },
    /// No owner, too many, or one twice.
    Owners {
        /// How many.
        n: usize,
        /// The cap.
        max: usize,
    },
    /// No such unit, or one that no duty may be put on.
    NotAnOwner {
        /// What was given.
        given: String,
    },
    /// Duties of its owners are still open.
    DutiesOpen {
        /// How many.
        n: usize,
    },
    /// It was closed before.
    ClosedAlready {},
}
base::refusals!(TopicRefusal);

fn both(zh: impl Into<String>, en: impl Into<String>, next_zh: &str, next_en: &str) -> (Words, Words) {
    (Words::new(zh, en), Words::new(next_zh, next_en))
}

impl TopicRefusal {
    fn head(&self) -> (&'static str, Kind, Option<&'static str>) {
        match self {
            TopicRefusal::UnknownCategory { .. } => ("topic.category", Kind::Invalid, Some("category")),
            TopicRefusal::NotAPlace { .. } => ("topic.place", Kind::Invalid, Some("place")),
            TopicRefusal::Owners { .. } => ("topic.owners", Kind::Invalid, Some("owner1")),
            TopicRefusal::NotAnOwner { .. } => ("topic.owner", Kind::Invalid, Some("owner1")),
            TopicRefusal::DutiesOpen { .. } => ("topic.duties_open", Kind::Conflict, None),
            TopicRefusal::ClosedAlready {} => ("topic.closed", Kind::Conflict, None),
        }
    }
    fn words(&self) -> (Words, Words) {
        match self {
            TopicRefusal::UnknownCategory { given } => both(
                format!("没有“{given}”这个类别"),
                format!("There is no category “{given}”"),
                "请从类别列表中选",
                "Choose one from the list of categories",
            ),
            TopicRefusal::NotAPlace { given } => both(
                format!("“{given}”不是街道或社区"),
                format!("“{given}” is neither a street nor a community"),
                "请选街道或社区，或留空表示全区",
                "Choose a street or community, or leave it empty for the district",
            ),
            TopicRefusal::Owners { n, max } => both(
                format!("政策主管单位有{n}个，应为1至{max}个且不重复"),
                format!("There are {n} owners; there must be 1 to {max}, each once"),
                "请选对政策有主管责任的单位，每个只选一次",
                "Choose the units that own the policy, each once",
            ),
            TopicRefusal::NotAnOwner { given } => both(
                format!("“{given}”不能作为政策主管单位"),
                format!("“{given}” cannot own a policy"),
                "请选区委部门、区政府部门或街道，不能选企业",
                "Choose an office, department or street, not an enterprise",
            ),
            TopicRefusal::DutiesOpen { n } => both(
                format!("还有{n}项责任没有办结"),
                format!("{n} duties of its owners are still open"),
                "请先催办并核验，全部办结后再销题",
                "Have them done and verified first, then close the topic",
            ),
            TopicRefusal::ClosedAlready {} => both(
                "这一题已经销题",
                "This topic is closed already",
                "问题又集中出现时，请另立一题",
                "Open a new topic when the matter comes back",
            ),
        }
    }
}

impl Refuse for TopicRefusal {
    fn code(&self) -> &'static str {
        self.head().0
    }
    fn kind(&self) -> Kind {
        self.head().1
    }
    fn field(&self) -> Option<&str> {
        self.head().2
    }
    fn value(&self) -> Option<String> {
        match self {
            TopicRefusal::UnknownCategory { given }
            | TopicRefusal::NotAPlace { given }
            | TopicRefusal::NotAnOwner { given } => Some(given.clone()),
            TopicRefusal::Owners { n, .. } | TopicRefusal::DutiesOpen { n } => Some(n.to_string()),
            TopicRefusal::ClosedAlready {} => None,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().0.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
}
