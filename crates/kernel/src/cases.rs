//! 诉求 (cases): the fixed lists of what residents and firms ask for, with their words (D§4.27, D§4.26).
//!
//! Each list is one table, so that no value lacks a language, and each value has one code that forms, columns, files
//! and the API share. What a district may choose (categories, limits, weights, exclusions) is not here but in its
//! playbook: [`crate::playbook::Category`], [`crate::playbook::CaseRules`].
//!
//! ```
//! use kernel::{Lang, cases::{CaseKind, Urgency}};
//! assert_eq!(Urgency::from_code("quick"), Some(Urgency::Quick));
//! assert_eq!(CaseKind::Complaint.say(Lang::Zh), "投诉");
//! assert!(Urgency::Urgent < Urgency::Complex);
//! ```

use crate::refusal::Malformed;
use crate::text::Words;
use std::fmt;

/// A [`crate::vocab!`] whose codes also come through the door.
macro_rules! door_vocab {
    ($(#[$doc:meta])* $name:ident $field:literal { $($variant:ident $code:literal $zh:literal $en:literal;)+ }) => {
        $crate::vocab!($(#[$doc])* $name { $($variant = $code, $zh, $en;)+ });
        impl $name {
            /// Parses a code that came through the door for `field`.
            ///
            /// # Errors
            /// When no value has that code; the next step lists the codes.
            pub fn parse(field: &str, given: &str) -> Result<$name, Malformed> {
                $name::from_code(given.trim()).ok_or_else(|| {
                    let codes = [$($code),+];
                    let next = Words::new(
                        format!("请从以下代码中选择:{}", codes.join("、")),
                        format!("Choose one of {}", codes.join(", ")),
                    );
                    let reason = Words::new("没有这个选项", "There is no such choice");
                    Malformed::new(concat!($field, ".unknown"), field, given, reason, next)
                })
            }
            /// Both words.
            pub fn words(self) -> Words {
                match self { $($name::$variant => Words::new($zh, $en),)+ }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

door_vocab!(
    /// What is asked for (D§4.27 "Kinds"): a consultation is answered from knowledge, the others are dispatched.
    CaseKind "case_kind" {
        Consult "consult" "咨询" "question";
        Help "help" "求助" "request for help";
        Complaint "complaint" "投诉" "complaint";
        Report "report" "举报" "report of a wrong";
        Suggestion "suggestion" "建议" "suggestion";
        Praise "praise" "表扬" "praise";
    }
);

door_vocab!(
    /// How soon it must be answered, most urgent first; the playbook gives each its clock rule (D§4.27 "Deadlines").
    Urgency "urgency" {
        Urgent "urgent" "特急" "urgent";
        Quick "quick" "加急" "quick";
        General "general" "一般" "general";
        Complex "complex" "复杂" "complex";
    }
);

door_vocab!(
    /// By which way it came in (D§4.27 "Fields").
    Channel "channel" {
        Portal "portal" "网页" "web portal";
        Phone "phone" "电话" "telephone";
        Grid "grid" "网格" "grid worker";
        Open311 "open311" "Open311接口" "Open311";
        Api "api" "系统接口" "API";
        Import "import" "批量导入" "import";
        Letter "letter" "来信" "letter";
        Visit "visit" "来访" "visit";
        MayorLine "mayor_line" "市长热线" "mayor's line";
    }
);

impl Channel {
    /// Whether staff wrote it down on somebody's behalf. Such intake is marked, so that orders which an office makes
    /// for itself can be seen (D§15(8)).
    pub const fn by_staff(self) -> bool {
        matches!(self, Channel::Phone | Channel::Grid | Channel::Import | Channel::Letter | Channel::Visit)
    }
}

door_vocab!(
    /// How satisfied the petitioner is (五级). There is no default: a grade is what somebody said (D§15(19)).
    Grade "grade" {
        VerySatisfied "very_satisfied" "非常满意" "very satisfied";
        Satisfied "satisfied" "满意" "satisfied";
        Basic "basic" "基本满意" "fairly satisfied";
        Dissatisfied "dissatisfied" "不满意" "dissatisfied";
        VeryDissatisfied "very_dissatisfied" "非常不满意" "very dissatisfied";
    }
);

door_vocab!(
    /// The petitioner's answer to "is it solved?" at call-back (D§4.27, S: 1, 0, or the playbook's mark for partly).
    Solved "solved" {
        Yes "yes" "已解决" "solved";
        Partly "partly" "部分解决" "partly solved";
        No "no" "未解决" "not solved";
    }
);

door_vocab!(
    /// Why a rated case may be left out of the rates (D§4.27 "Exclusion"); exclusions are counted and published by
    /// class.
    ExclusionClass "exclusion_class" {
        Unreasonable "unreasonable" "诉求不合理" "against law or public order";
        BeyondDuty "beyond_duty" "超出政府职责" "beyond what government does";
        OtherRoute "other_route" "已进入法定途径" "already in petition, litigation, arbitration or review";
        MaliciousRepeat "malicious_repeat" "恶意重复" "malicious repetition";
        ForceMajeure "force_majeure" "不可抗力" "force majeure";
        NoContact "no_contact" "多次联系不上" "not reached after several attempts";
        Merit "merit" "政策不允许但已解释到位" "not allowed by policy, explained and understood";
    }
);

door_vocab!(
    /// Why a clear duty is somebody's: how a routed case found its unit, told to the petitioner as "who holds it, why".
    RoutedBy "routed_by" {
        Place "place" "属地街道" "the street of the place";
        Department "department" "主管部门" "the competent department";
        Manager "manager" "该区域的管理方" "who manages that area";
    }
);

door_vocab!(
    /// The colour of a whistle's card (D§4.26, S14).
    Card "card" {
        Green "green" "绿色哨" "green card";
        Blue "blue" "蓝色哨" "blue card";
        Orange "orange" "橙色哨" "orange card";
    }
);

door_vocab!(
    /// Type of an additional question of a category, by the names of Open311 GeoReport v2 service definitions.
    Datatype "datatype" {
        String "string" "短文本" "short text";
        Number "number" "数字" "number";
        Datetime "datetime" "日期时间" "date and time";
        Text "text" "长文本" "long text";
        SingleValueList "singlevaluelist" "单选" "one of a list";
        MultiValueList "multivaluelist" "多选" "several of a list";
    }
);

impl Datatype {
    /// Whether its answers come from a list.
    pub const fn is_list(self) -> bool {
        matches!(self, Datatype::SingleValueList | Datatype::MultiValueList)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refuse;
    use crate::text::Lang;

    #[test]
    fn codes_and_words_go_both_ways() {
        for kind in CaseKind::ALL {
            assert_eq!(CaseKind::from_code(kind.code()), Some(*kind));
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.code()));
            assert_ne!(kind.say(Lang::Zh), kind.say(Lang::En));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::parse("channel", channel.code()).unwrap(), *channel);
        }
        let no = Grade::parse("grade", "good").unwrap_err();
        assert_eq!(
            (no.code(), no.field(), no.value()),
            ("grade.unknown", Some("grade"), Some("good".into()))
        );
        assert!(no.next(Lang::En).starts_with("Choose one of very_satisfied, satisfied, basic"));
    }

    #[test]
    fn staff_intake_is_told_apart() {
        let staff: Vec<&str> = Channel::ALL.iter().filter(|c| c.by_staff()).map(|c| c.code()).collect();
        assert_eq!(staff, ["phone", "grid", "import", "letter", "visit"]);
    }
}
