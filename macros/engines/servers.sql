{#
    What DuckDB's plugin does from Python, done in SQL on a server engine: the plan of a
    run from the tables that `python -m cx_warehouse load` (or another tool) fills, and
    what has the same words on PostgreSQL and Spark. A reader who only knows DuckDB need
    not read on.
#}

{#
    A table that the loader fills; none where nobody has made it. The list of files lies
    beside the answers, wherever these are; all else in the schema raw.
#}
{% macro _raw_relation(name) -%}
    {%- if not execute or not flags.INTROSPECT -%} {{ return(none) }} {%- endif -%}
    {%- set feed = source('raw', 'survey_answers') -%}
    {{ return(adapter.get_relation(
        feed.database, feed.schema if name == 'feed_files' else 'raw', name
    )) }}
{%- endmacro %}

{# The table that holds the plan of each run, by its id. #}
{% macro _run_plans() -%}
    {{ return(api.Relation.create(
        database=none if target.type == 'spark' else target.database,
        schema=generate_schema_name('intermediate', none), identifier='int_run_plans'
    )) }}
{%- endmacro %}

{#
    The on-run-start hook. What a run does about the feed is decided once, before it
    writes anything: the ledgers that say what the warehouse holds change on the way.
    Dispatched: DuckDB's plugin decides in Python, when it connects.
#}
{% macro start_run() -%}
    {{ return(adapter.dispatch('start_run', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__start_run() -%} {%- endmacro %}

{% macro default__start_run() -%}
    {%- if not execute or flags.WHICH not in ('build', 'run', 'test', 'seed') -%}
        {{ return('') }}
    {%- endif -%}
    {%- do _check_engine() -%}
    {%- set plans = _run_plans() -%}
    {%- do run_query('create schema if not exists ' ~ plans.schema) -%}
    {%- do run_query(
        'create table if not exists ' ~ plans ~ ' (run_id '
        ~ engine_data_type('varchar') ~ ', plan_text ' ~ engine_data_type('varchar')
        ~ ')' ~ _table_format()
    ) -%}
    {%- set plan = _plan_of_raw_tables(_run_was_cut_off(plans)) -%}
    {%- for text in delete_rows(plans, 'true') + [
        'insert into ' ~ plans ~ ' values (' ~ string_literal(invocation_id) ~ ', '
        ~ string_literal(tojson(plan)) ~ ')'
    ] -%}
        {%- do run_query(text) -%}
    {%- endfor -%}
{%- endmacro %}

{#
    The on-run-end hook: a run that ended, well or not, left no table half written.
#}
{% macro end_run() -%}
    {{ return(adapter.dispatch('end_run', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro default__end_run() -%} {%- endmacro %}

{# What a run cannot do without of its server; stops it with a sentence. #}
{% macro _check_engine() -%}
    {{ return(adapter.dispatch('_check_engine', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb___check_engine() -%} {%- endmacro %}

{% macro default___check_engine() -%} {%- endmacro %}

{# What is said behind the columns of a new table. #}
{% macro _table_format() -%}
    {{ return(' using parquet' if target.type == 'spark' else '') }}
{%- endmacro %}

{#
    Whether a run of before was killed while it wrote. Where a model and its hooks are one
    transaction that does not matter.
#}
{% macro _run_was_cut_off(plans) -%}
    {{ return(adapter.dispatch('_run_was_cut_off', 'cx_warehouse')(plans)) }}
{%- endmacro %}

{% macro default___run_was_cut_off(plans) -%} {{ return(false) }} {%- endmacro %}

{# The plan of this run, as start_run wrote it down; anew in a command that runs nothing. #}
{% macro default___feed_plan_text() -%}
    {%- set plans = _run_plans() -%}
    {%- if flags.INTROSPECT
        and adapter.get_relation(plans.database, plans.schema, plans.identifier) -%}
        {%- set rows = run_query(
            'select plan_text from ' ~ plans ~ ' where run_id = '
            ~ string_literal(invocation_id)
        ).rows -%}
        {%- if rows -%} {{ return(rows[0][0]) }} {%- endif -%}
    {%- endif -%}
    {{ return(tojson(_plan_of_raw_tables(false))) }}
{%- endmacro %}

{#
    What a run has to do about the feed, as feed_plan gives it, from raw.feed_files (files
    by version) and the ledger int_feed_files. A table of answers that another tool fills
    has no list of files: it is one file, of a version that no run has seen.
#}
{% macro _plan_of_raw_tables(is_cut_off) -%}
    {%- set held_relation = _held_relation('int_feed_files') -%}
    {%- set holds = none not in (
        held_relation, _held_relation('int_survey_answers_stored'),
        _held_relation('int_answer_kinds')
    ) -%}
    {%- set held = {} -%}
    {%- if holds -%}
        {%- for row in run_query(
            'select feed_file, file_version from ' ~ held_relation
        ).rows -%}
            {%- do held.update({row[0]: row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set listed = _raw_relation('feed_files') -%}
    {%- set versions = {} -%}
    {%- if listed is none -%}
        {%- do versions.update({_the_whole_feed(): invocation_id}) -%}
    {%- else -%}
        {%- for row in run_query(
            'select feed_file, file_version from ' ~ listed ~ ' order by feed_file'
        ).rows -%}
            {%- do versions.update({row[0]: row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set rebuilds = flags.FULL_REFRESH or not holds or listed is none or is_cut_off -%}
    {%- set new = [] -%}
    {%- set changed = [] -%}
    {%- set removed = [] -%}
    {%- for file, version in versions.items() -%}
        {%- if rebuilds or file not in held -%}
            {%- do new.append(file) -%}
        {%- elif held[file] != version -%}
            {%- do changed.append(file) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for file in held if file not in versions -%}
        {%- do removed.append(file) -%}
    {%- endfor -%}
    {{ return({
        'holds': holds, 'rebuilds': rebuilds, 'versions': versions,
        'new': new, 'changed': changed, 'removed': removed
    }) }}
{%- endmacro %}

{# The one file of a feed that no loader of ours has filled. #}
{% macro _the_whole_feed() -%}
    {{ return(source('raw', 'survey_answers').identifier) }}
{%- endmacro %}

{% macro default__survey_answers_feed() -%}
    {%- set cells = [] -%}
    {%- for column in feed_columns() -%}
        {%- do cells.append('nullif(' ~ column ~ ", '') as " ~ column) -%}
    {%- endfor -%}
    {%- set is_listed = _raw_relation('feed_files') is not none -%}
    {%- set plan = feed_plan() -%}
    (
        select
            {{ 'feed_file' if is_listed else string_literal(_the_whole_feed()) ~ ' as feed_file' }},
            {{ cells | join(',\n            ') }}
        from {{ source('raw', 'survey_answers') }}
        where {{ _is_file_to_read(plan.new + plan.changed) if is_listed else 'true' }}
    ) as feed
{%- endmacro %}

{# The table of the files that the last run read which read any. #}
{% macro _files_to_read() -%}
    {{ return(_run_plans().incorporate(path={'identifier': 'int_files_to_read'})) }}
{%- endmacro %}

{#
    The pre-hook of the model that reads the feed: the files of this run go to a table,
    since a view in which all their names stood would be too long for Spark's metastore.
    DuckDB reads the files themselves.
#}
{% macro remember_files_to_read() -%}
    {{ return(adapter.dispatch('remember_files_to_read', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__remember_files_to_read() -%} {%- endmacro %}

{% macro default__remember_files_to_read() -%}
    {%- set files = _files_to_read() -%}
    {%- set plan = feed_plan() -%}
    {%- set rows = [] -%}
    {%- for file in plan.new + plan.changed -%}
        {%- do rows.append('(' ~ string_literal(file) ~ ')') -%}
    {%- endfor -%}
    {{ statements([
        'create table if not exists ' ~ files ~ ' (feed_file '
        ~ engine_data_type('varchar') ~ ')' ~ _table_format()
    ] + delete_rows(files, 'true') + (
        ['insert into ' ~ files ~ ' values ' ~ rows | join(', ')] if rows else []
    )) }}
{%- endmacro %}

{#
    Whether a row came from a file that this run reads. By the first and the last name a
    file of columns can be passed over without a look at its rows.
#}
{% macro _is_file_to_read(files) -%}
    {%- if not files -%} {{ return('false') }} {%- endif -%}
    feed_file between {{ string_literal(files | min(true)) }}
        and {{ string_literal(files | max(true)) }}
        and feed_file in (select wanted.feed_file from {{ _files_to_read() }} as wanted)
{%- endmacro %}

{% macro default__erased_respondents() -%}
    {%- set literals = [] -%}
    {%- set listed = _raw_relation('erased_respondents') -%}
    {%- if listed -%}
        {%- for row in run_query(
            'select distinct respondent_hash from ' ~ listed ~ ' order by respondent_hash'
        ).rows -%}
            {%- do literals.append(string_literal(row[0])) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(literals) }}
{%- endmacro %}

{# The loader has put the hash in the place of an erased respondent's id. #}
{% macro default__is_erased() -%}
    {%- set erased = erased_respondents() -%}
    {%- if erased -%}
        coalesce(
            {{ respondent_hash() }} in ({{ erased | join(', ') }})
            or respondent_id in ({{ erased | join(', ') }}), false
        )
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}

{# The pads of the key of the erased (RFC 2104), a subquery of one binary value. #}
{% macro _erasure_pad(name) -%}
    {%- set pads = _raw_relation('erasure_pads') -%}
    {{ return('(select pads.' ~ name ~ ' from ' ~ pads ~ ' as pads)' if pads else 'null') }}
{%- endmacro %}

{#
    No plugin can look at the files of the code: the fingerprint is made of what judges,
    as it is rendered here, and of the checksums of the models.
#}
{% macro default__judging_code() -%}
    {%- set texts = [
        target.type, answer_reason(), reason_before_versions(), reason_after_versions(),
        answer_key('x'), is_number('x'), is_blank('x'), folded('x'), trimmed('x'),
        canonical_integer('x'), whole_number('x'), survey_weight('x'),
        utc_instant('x', 'y'), is_timestamp('x'), calendar_date('x'), local_date('x', 'Y'),
        key_hash(), key_text(['x']), answer_status('x')
    ] -%}
    {%- for node in (graph.get('nodes', {}).values() if execute else [])
        if node.resource_type == 'model'
        and node.original_file_path.startswith((
            'models/staging/', 'models/intermediate/answers/',
            'models/intermediate/changes/', 'models/intermediate/definitions/'
        )) -%}
        {%- do texts.append(node.name ~ ' ' ~ node.checksum.checksum) -%}
    {%- endfor -%}
    {{ return(string_literal(local_md5(texts | sort | join('\n')))) }}
{%- endmacro %}

{#
    A definition seed is filled by the loader, in raw.definition_<seed>, as text: dbt's own
    way would read a cell `null`, or one of blanks, as no value.
#}
{% macro _load_definition(model) -%}
    {%- set cells = [] -%}
    {%- for name in model.config.column_types -%}
        {%- do cells.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {%- set loaded = _raw_relation('definition_' ~ model.name) -%}
    {%- if loaded is none -%}
        {%- do exceptions.raise_compiler_error(
            'The definitions are not on the server: run `python -m cx_warehouse load`.'
        ) -%}
    {%- endif -%}
    {%- set sql -%}
        insert into {{ this.render() }} ({{ cells | join(', ') }})
        select {{ cells | join(', ') }} from {{ loaded }}
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro _create_definition_table(model) -%}
    {%- set columns = [] -%}
    {%- for name, type in model.config.column_types.items() -%}
        {%- do columns.append(adapter.quote(name) ~ ' ' ~ engine_data_type(type)) -%}
    {%- endfor -%}
    {%- set sql -%}
        create table {{ this.render() }} ({{ columns | join(', ') }}){{ _table_format() }}
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{#
    The empty query against which dbt holds a model's contract, with the types by their
    names on this engine. dbt calls this.
#}
{% macro _typed_empty_query(columns) -%}
    {%- set targets = [] -%}
    {%- for column in columns.values() -%}
        {%- do targets.append(
            'cast(null as ' ~ engine_data_type(column['data_type']) ~ ') as ' ~ column['name']
        ) -%}
    {%- endfor -%}
    select {{ targets | join(', ') }}
    {{ where_nothing() }}
{%- endmacro %}

{# The columns of a new table with their types by their names on this engine. #}
{% macro _typed_columns() -%}
    {%- set definitions = [] -%}
    {%- for column in model['columns'].values() -%}
        {%- set is_required = column['constraints'] | selectattr('type', 'equalto', 'not_null') | list -%}
        {%- do definitions.append(
            column['name'] ~ ' ' ~ engine_data_type(column['data_type'])
            ~ (' not null' if is_required else '')
        ) -%}
    {%- endfor -%}
    ({{ definitions | join(', ') }})
{%- endmacro %}

{# IANA names from the calendar library that dbt brings with it. #}
{% macro default__known_time_zones() -%}
    {%- set names = [] -%}
    {%- for name in modules.pytz.all_timezones -%}
        {%- do names.append('(' ~ string_literal(name) ~ ')') -%}
    {%- endfor -%}
    select zones.time_zone from (values {{ names | join(', ') }}) as zones (time_zone)
{%- endmacro %}
