//! Every fault of cases and whistles once: one thing in the small playbook made wrong, and the lines that a person reads.

use super::tests_case::told;

/// One change of the small playbook, and the findings that follow from it, one a line.
#[track_caller]
fn one(from: &str, to: &str, want: &[&str]) {
    assert_eq!(told(from, to), want);
}

#[test]
fn the_tree() {
    one(
        "parent = \"0101\"",
        "parent = \"0109\"",
        &["75: [ref.category] there is no category `0109` — did you mean `0101`?"],
    );
    one(
        "code = \"01\"\n",
        "code = \"01\"\nparent = \"010101\"\n",
        &["63: [ref.cycle] a ring of references: 01 → 010101 → 0101 → 01 — cut it at one place"],
    );
    one(
        "code = \"01\"\nname",
        "code = \"0\"\nname = { zh = \"上\", en = \"Up\" }\nsource = \"example\"\n[[category]]\ncode = \"01\"\nparent = \"0\"\nname",
        &["80: [category.depth] the category 010101 is on a fourth level — the tree has three levels"],
    );
    one(
        "parent = \"01\"\nmandate = \"B-001\"\nroute = { by_place = true }\n",
        "parent = \"01\"\n",
        &[
            "78: [category.unrouted] the category 0102 goes to nobody — add route = { unit = \"…\" } or route = { by_place = true }",
        ],
    );
    one(
        "parent = \"01\"\nmandate = \"B-001\"\n",
        "parent = \"01\"\nkinds = []\nmandate = \"B-001\"\n",
        &[
            "82: [category.kinds] the category 0102 takes no kind of case — leave kinds out to take all of them",
        ],
    );
    one(
        "parent = \"01\"\nmandate = \"B-001\"\n",
        "parent = \"01\"\nkinds = [\"shout\"]\nmandate = \"B-001\"\n",
        &[
            "82: [row.value] field `kinds` cannot be \"shout\": unknown variant `shout`, expected one of `consult`, `help`, `com… — write the value in the form of the field",
        ],
    );
    one(
        "code = \"0102\"",
        "code = \"0101\"",
        &[
            "79: [code.duplicate] code `0101` is already used at mini.toml:251 — give one of the two another code",
        ],
    );
    one(
        "parent = \"01\"\nmandate = \"B-001\"\n",
        "parent = \"01\"\ncolour = 1\nmandate = \"B-001\"\n",
        &["82: [row.field] there is no field `colour` here — declare it first, or use one that exists"],
    );
}

#[test]
fn routes_and_duty_lists() {
    one(
        "route = { unit = \"fgj\" }",
        "route = { unit = \"fg\" }",
        &["70: [ref.unit] there is no unit `fg` — did you mean `fgj`?"],
    );
    one(
        "route = { unit = \"fgj\" }",
        "route = { by_place = true }",
        &[
            "69: [category.taken_back] T-001 was taken back by a department and cannot go to a street (by_place) — send it to the department that took it back",
        ],
    );
    one(
        "route = { unit = \"fgj\" }",
        "route = { unit = \"fgj\", exceptions = { jie = \"jie\" } }",
        &[
            "69: [category.taken_back] T-001 was taken back by a department and cannot go to a street (jie) — send it to the department that took it back",
            "70: [category.nobody] jie has no post that could sign — give the unit a handler, a clerk or a chief",
        ],
    );
    one(
        "route = { unit = \"fgj\" }",
        "route = { unit = \"fgj\", exceptions = { swj = \"fgj\" } }",
        &[
            "70: [category.place] swj is no street, community or grid — name the place by its street or community",
        ],
    );
    one(
        "mandate = \"T-001\"\nroute = { unit = \"fgj\" }",
        "route = { unit = \"firm\" }",
        &[
            "69: [category.enterprise] cases go to the enterprise firm — send them to the competent department, which sees to the enterprise",
        ],
    );
    one(
        "mandate = \"T-001\"\nroute = { unit = \"fgj\" }",
        "route = { unit = \"swj\" }",
        &[
            "69: [category.nobody] swj has no post that could sign — give the unit a handler, a clerk or a chief",
        ],
    );
    one(
        "mandate = \"T-001\"\n",
        "mandate = \"T-002\"\n",
        &["69: [ref.mandate] there is no entry of the duty lists `T-002` — did you mean `T-001`?"],
    );
    one(
        "mandate = \"B-001\"\nroute = { by_place = true }",
        "mandate = \"B-001\"\nroute = { unit = \"fgj\" }",
        &[
            "82: [category.streets_own] B-001 is a street's own duty and goes to fgj — write by_place = true, or cite another entry",
        ],
    );
    one(
        "list = \"basic\"\n",
        "list = \"support\"\nlead = \"fgj\"\n",
        &[
            "83: [category.lead] B-001 is led by fgj and goes to somebody else — write route = { unit = \"fgj\" }",
        ],
    );
    one(
        "managed_places = { jie = \"fgj\" }",
        "managed_places = { jie = \"swj\" }",
        &[
            "54: [category.nobody] swj has no post that could sign — give the unit a handler, a clerk or a chief",
        ],
    );
    one(
        "managed_places = { jie = \"fgj\" }",
        "managed_places = { jei = \"fgj\" }",
        &["54: [ref.unit] there is no unit `jei` — declare it first, or use one that exists"],
    );
}

#[test]
fn questions() {
    one(
        "datatype = \"singlevaluelist\"",
        "datatype = \"number\"",
        &[
            "76: [category.choices] the choices of cover do not fit its type — a list has choices with different keys, other types have none",
        ],
    );
    one(
        "values = [{ key = \"rain\", name = { zh = \"雨水\", en = \"Rain\" } }]",
        "values = []",
        &[
            "76: [category.choices] the choices of cover do not fit its type — a list has choices with different keys, other types have none",
        ],
    );
    one(
        "datatype = \"singlevaluelist\"",
        "datatype = \"colour\"",
        &[
            "76: [row.value] field `datatype` cannot be \"colour\": unknown variant `colour`, expected one of `string`, `number`, `d… — write the value in the form of the field",
        ],
    );
}

#[test]
fn rules() {
    one(
        "clocks = { urgent = \"case\",",
        "clocks = { urgent = \"cases\",",
        &["51: [ref.clock] there is no clock rule `cases` — did you mean `case`?"],
    );
    one(
        "clocks = { urgent = \"case\",",
        "clocks = {",
        &["51: [case.no_clock] the urgency `urgent` has no clock rule — add it to clocks"],
    );
    one(
        "limit = \"10min\", starts = \"assign\", stops = \"accept\"",
        "limit = \"10min\", starts = \"assign\", stops = \"contact\"",
        &[
            "51: [case.clock_lacks] the clock rule case 1 has no limit that stops when accepted — add such a limit to the rule",
            "90: [case.clock_lacks] the clock rule case 1 has no limit that stops when accepted — add such a limit to the rule",
        ],
    );
    one(
        "limit = \"10min\"",
        "limit = \"10m\"",
        &[
            "26: [row.value] field `limit` cannot be \"10m\": not a limit like 10min, 2h, 4oh, 3wd, 7d, 3mo: 10m — write the value in the form of the field",
        ],
    );
    one(
        "solved = \"35\"",
        "solved = \"30\"",
        &[
            "41: [plan.weights] weights of case_rules add up to 95, not 100 — change the weights until they add up",
        ],
    );
    one(
        "basic = \"0.8\", ",
        "",
        &["52: [case.no_grade] the grade `basic` has no mark — add it to grades, between 0 and 1"],
    );
    one(
        "basic = \"0.8\"",
        "basic = \"1.2\"",
        &["52: [case.share] grades.basic is 1.2, not between 0 and 1 — write a decimal between 0 and 1"],
    );
    one(
        "dissatisfied = \"0\", very",
        "dissatisfied = \"0.9\", very",
        &[
            "52: [case.grades_rise] the grade `dissatisfied` counts more than a better one — marks never rise from the best to the worst",
        ],
    );
}

#[test]
fn shares_counts_and_words() {
    one(
        "partly = \"0.5\"",
        "partly = \"-0.5\"",
        &["43: [case.share] partly is -0.5, not between 0 and 1 — write a decimal between 0 and 1"],
    );
    one(
        "sample_percent = 10",
        "sample_percent = 101",
        &["47: [case.percent] sample_percent is 101 per cent — write 0 to 100"],
    );
    one(
        "callback_attempts = 3",
        "callback_attempts = 0",
        &["34: [case.zero] callback_attempts is zero or empty — at least one is needed"],
    );
    one(
        "look_back_days = [30, 90]",
        "look_back_days = [90, 30]",
        &["39: [case.look_back] the days of look-back do not rise — such as [30, 90]"],
    );
    one(
        "counted_kinds = [\"help\"]",
        "counted_kinds = []",
        &["42: [case.zero] counted_kinds is zero or empty — at least one is needed"],
    );
    one(
        "audit_elements = [{ zh = \"措施\", en = \"Measures\" }]",
        "audit_elements = []",
        &["50: [case.zero] audit_elements is zero or empty — at least one is needed"],
    );
    one(
        "{ zh = \"条款\", en = \"The clause\" }",
        "{ zh = \"\", en = \"None\" }",
        &[
            "59: [case.no_evidence] the exclusion merit does not say which evidence it needs — fill in evidence_needed",
        ],
    );
    one(
        "class = \"merit\"",
        "class = \"mercy\"",
        &[
            "57: [row.value] field `class` cannot be \"mercy\": unknown variant `mercy`, expected one of `unreasonable`, `beyond… — write the value in the form of the field",
        ],
    );
    one(
        "[case_rules]",
        "[case_rulez]",
        &[
            "33: [file.section] there is no section `case_rulez` — did you mean `case_rules`?",
            "56: [row.missing] field `clocks` is missing — add clocks = …",
        ],
    );
}

#[test]
fn whistles() {
    one(
        "card = \"blue\"\nclock = \"case\"",
        "card = \"blue\"\nclock = \"cas\"",
        &["90: [ref.clock] there is no clock rule `cas` — did you mean `case`?"],
    );
    one(
        "card = \"blue\"",
        "card = \"red\"",
        &[
            "89: [row.value] field `card` cannot be \"red\": unknown variant `red`, expected one of `green`, `blue`, `orange` — write the value in the form of the field",
        ],
    );
    one(
        "points = \"60\"",
        "points = \"50\"",
        &[
            "94: [plan.weights] weights of department add up to 90, not 100 — change the weights until they add up",
        ],
    );
    one(
        "no_show_max = 2",
        "no_show_max = 0",
        &["99: [case.zero] no_show_max is zero or empty — at least one is needed"],
    );
    one(
        "low = \"0.5\"",
        "low = \"7\"",
        &["100: [whistle.band] the low end of the band is above the high end — swap low and high"],
    );
    one(
        "code = \"done\"",
        "code = \"ack\"",
        &[
            "94: [code.duplicate] code `ack` is already used at whistle_rules.department — give one of the two another code",
        ],
    );
    one(
        "[whistle_rules]",
        "[whistle_rulez]",
        &[
            "-185: [file.section_absent] section `whistle_rules` is missing — add [whistle_rules]; guandu-2019 shows how it looks",
            "93: [file.section] there is no section `whistle_rulez` — did you mean `whistle_rules`?",
        ],
    );
}
