-- 热点诉求: what the last look found, replaced by the next; derived from case_item, so it is in no ledger.
create table case_issue (
  district integer not null,
  no integer not null,
  at bigint not null,
  place text not null,
  category text not null,
  people integer not null,
  body text not null,
  primary key (district, no)
);
select app_distribute('case_issue', 'district', 'event');

-- 每月一题: one row a topic; the whole is in body.
create table case_topic (
  district integer not null,
  no text not null,
  month integer not null,
  category text not null,
  place text,
  open integer not null,
  opened_at bigint not null,
  rev bigint not null,
  body text not null,
  primary key (district, no)
);
select app_distribute('case_topic', 'district', 'event');
