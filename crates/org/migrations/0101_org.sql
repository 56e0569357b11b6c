-- 组织: people and the posts that they hold. Units, posts, relations, patronage and duty lists are the playbook's:
-- dated data of the district, loaded whole (docs/decisions/0005).
create table person (
  district integer not null,
  id text not null,
  login text not null,
  name text not null,
  email text not null,
  state text not null,
  password text not null,
  must_change integer not null,
  totp text not null,
  totp_step bigint,
  rev bigint not null,
  created_at bigint not null,
  primary key (district, id),
  constraint person_state check (state in ('active', 'disabled'))
);
select app_distribute('person', 'district', 'event');
create unique index person_login on person (district, login);

create table holding (
  district integer not null,
  person text not null,
  post text not null,
  since bigint not null,
  until bigint,
  primary key (district, person, post, since)
) CLUSTERED;
select app_distribute('holding', 'district', 'event');
create unique index holding_now on holding (district, person, post) where until is null;
create index holding_post on holding (district, post) where until is null;
