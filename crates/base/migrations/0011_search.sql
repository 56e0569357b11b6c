-- 全文检索: what waits to be indexed, and which document has which number in the index.
create table search_queue (
  district integer not null,
  at bigint not null,
  kind text not null,
  id text not null,
  text text not null,
  primary key (district, at, kind, id)
) CLUSTERED;
select app_distribute('search_queue', 'district', 'event');

create table search_doc (
  district integer not null,
  n bigint not null,
  kind text not null,
  id text not null,
  at bigint not null,
  primary key (district, n)
) CLUSTERED;
select app_distribute('search_doc', 'district', 'event');
create unique index search_doc_id on search_doc (district, kind, id);

ONLY_PG alter table search_doc add column tokens bigint[];
ONLY_PG create index search_doc_tokens on search_doc using gin (tokens) with (fastupdate = on, gin_pending_list_limit = 1024);

ONLY_SQLITE create virtual table search_fts using fts5(tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
ONLY_SQLITE insert into search_fts(search_fts, rank) values ('hashsize', 8388608);
