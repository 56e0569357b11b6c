-- 目标: what the playbook does not hold and the duty table does not know: reported figures and changes of the plan.
-- Reported figures (调度数) only; the statutory ones are another book and have no column here (D§4.1).
create table plan_value (
  district integer not null,
  year integer not null,
  code text not null,
  rev bigint not null,
  item text not null,
  at bigint not null,
  day integer not null,
  value bigint not null,
  by_post text not null,
  note text not null,
  primary key (district, year, code, rev)
);
select app_distribute('plan_value', 'district', 'event');

create table plan_change (
  district integer not null,
  year integer not null,
  no text not null,
  item text not null,
  what text not null,
  was text not null,
  wish text not null,
  reason text not null,
  asked_by text not null,
  asked_at bigint not null,
  state text not null,
  decided_by text,
  decided_at bigint,
  document text,
  why text,
  applied_by text,
  applied_at bigint,
  primary key (district, year, no)
);
select app_distribute('plan_change', 'district', 'event');
create index plan_change_item on plan_change (district, year, item);
