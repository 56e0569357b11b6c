-- 实时更新: what has changed in the last minutes, for pages that are open.
create table feed (
  district integer not null,
  at bigint not null,
  topic text not null,
  primary key (district, at, topic)
) CLUSTERED;
select app_distribute('feed', 'district', 'event');
