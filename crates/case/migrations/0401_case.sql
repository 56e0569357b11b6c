-- 诉求: one row a case beside its duty; columns are what lists filter and order by, the whole is in body. Contact is sealed.
create table case_item (
  district integer not null,
  id text not null,
  no text not null,
  secret BYTES not null,
  contact text,
  contact_hash text,
  source_key text,
  channel text not null,
  kind text not null,
  category text,
  urgency text not null,
  place text,
  spot text,
  sig text not null,
  address text,
  title text not null,
  unit text,
  against text,
  stage text not null,
  duty_state text not null,
  open integer not null,
  received_at bigint not null,
  due bigint not null,
  replied_at bigint,
  closed_at bigint,
  deferred_at bigint,
  solved text,
  grade text,
  excluded text,
  confidential integer not null,
  anonymous integer not null,
  staff integer not null,
  parent text,
  links integer not null,
  hot integer not null,
  sampled integer not null,
  call_at bigint,
  score_at bigint,
  look_at bigint,
  round integer not null,
  rev bigint not null,
  updated_at bigint not null,
  body text not null,
  primary key (district, id)
);
select app_distribute('case_item', 'district', 'event');
create unique index case_no on case_item (district, no);
create unique index case_source on case_item (district, source_key) where source_key is not null;
create index case_stage on case_item (district, stage, id) where open = 1;
create index case_unit on case_item (district, unit, due, id) where open = 1 and unit is not null;
create index case_of_unit on case_item (district, unit, id) where unit is not null;
create index case_contact on case_item (district, contact_hash, id) where contact_hash is not null;
create index case_place on case_item (district, place, category, id) where place is not null;
create index case_parent on case_item (district, parent, id) where parent is not null;
create index case_deferred on case_item (district, deferred_at, id) where deferred_at is not null;
create index case_hot on case_item (district, hot, id) where hot = 1;
create index case_call on case_item (district, call_at, id) where call_at is not null;
create index case_score on case_item (district, score_at, id) where score_at is not null;
create index case_look on case_item (district, look_at, id) where look_at is not null;

-- One row a finished round: the cases behind every figure of the three rates.
create table case_mark (
  district integer not null,
  id text not null,
  round integer not null,
  month integer not null,
  unit text not null,
  category text not null,
  sig text not null,
  responded integer,
  in_time integer,
  valid integer not null,
  solved text not null,
  grade text,
  excluded text,
  left_out text,
  reduced integer not null,
  primary key (district, id, round)
);
select app_distribute('case_mark', 'district', 'event');
create index case_mark_unit on case_mark (district, month, unit, id);
create index case_mark_sig on case_mark (district, sig, month);
