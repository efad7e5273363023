{#
    What Spark has words of its own for. It has no transactions and no rows that could be
    deleted or updated: a table is written anew, by way of a second one, and of a table in
    partitions those that are concerned. A run that is killed meanwhile leaves its mark,
    and the next one judges everything again.
#}

{% macro spark___check_engine() -%}
    {%- set zone = run_query('select current_timezone()').rows[0][0] -%}
    {%- if zone not in ('UTC', 'Etc/UTC', 'Z', 'GMT') -%}
        {%- do exceptions.raise_compiler_error(
            'The time zone of the Spark session is ' ~ zone ~ ', in which timestamps would '
            ~ 'be others: start the Thrift server with '
            ~ '--conf spark.sql.session.timeZone=UTC.'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{# The plan of a run that ended is gone; one that is still there was cut off. #}
{% macro spark___run_was_cut_off(plans) -%}
    {{ return(run_query('select run_id from ' ~ plans).rows | length > 0) }}
{%- endmacro %}

{% macro spark__end_run() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'test', 'seed') -%}
        {%- set plans = _run_plans() -%}
        {%- for name in ['judged', 'rewritten'] -%}
            {%- do run_query(
                'drop table if exists ' ~ plans.schema ~ '.int_survey_answers_stored__' ~ name
            ) -%}
        {%- endfor -%}
        {%- do run_query('truncate table ' ~ plans) -%}
    {%- endif -%}
{%- endmacro %}

{% macro spark__engine_data_type(data_type) -%}
    {{ return({
        'varchar': 'string', 'ubigint': 'bigint', 'integer': 'int',
        'hugeint': 'decimal(38, 0)'
    }.get(data_type, data_type)) }}
{%- endmacro %}

{# dbt's own doubles no quotes and no backslashes of a literal. #}
{% macro spark__escape_single_quotes(expression) -%}
    {{ expression | replace('\\', '\\\\') | replace("'", "\\'") }}
{%- endmacro %}

{# dbt's own goes by whole seconds and would lose what lies behind the point. #}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}

{# Other than the two letters, Java's lower case is Unicode's. #}
{% macro spark__folded(text) -%}
    lower(translate({{ trimmed(text) }}, 'İΣ', 'iσ'))
{%- endmacro %}

{% macro spark__matches(text, pattern) -%}
    {{ text }} rlike {{ "r'\\A(?:" ~ pattern[1:-1] ~ ")\\z'" }}
{%- endmacro %}

{# Unlike concat, concat_ws takes a null for nothing. #}
{% macro spark__key_text(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append('cast(length(' ~ column ~ ") as string), ':', " ~ column) -%}
    {%- endfor -%}
    concat_ws('', {{ parts | join(', ') }})
{%- endmacro %}

{% macro spark__key_hash() -%}
    xxhash64({{ key_text(['source_system', 'survey_id', 'response_id', 'question_id']) }})
{%- endmacro %}

{# Their tables are made anew: rows of one respondent would be taken from every file. #}
{% macro spark__models_by_respondent() -%}
    {{ return([]) }}
{%- endmacro %}

{% macro spark__fingerprint(columns) -%}
    {%- set cells = [] -%}
    {%- for column in columns -%} {%- do cells.append(as_text(column)) -%} {%- endfor -%}
    cast(pmod(xxhash64({{ key_text(cells) }}), 1000000007) as decimal(10, 0))
{%- endmacro %}

{% macro spark__respondent_hash() -%}
    sha2(
        {{ _erasure_pad('outer_pad') }} || unhex(sha2(
            {{ _erasure_pad('inner_pad') }} || encode(
                concat(
                    length(source_system), ':', source_system,
                    length(respondent_id), ':', respondent_id
                ), 'UTF-8'
            ), 256
        )), 256
    )
{%- endmacro %}

{# Euclid's algorithm; no two numbers of 38 digits take it 200 steps. #}
{% macro spark__least_common_multiple(left_number, right_number) -%}
    {%- set left = 'cast(' ~ left_number ~ ' as decimal(38, 0))' -%}
    {%- set right = 'cast(' ~ right_number ~ ' as decimal(38, 0))' -%}
    cast(
        {{ right }} * cast(
            {{ left }} div aggregate(
                sequence(1, 200),
                struct({{ left }} as a, {{ right }} as b),
                (pair, step) -> struct(
                    if(pair.b = 0, pair.a, pair.b) as a,
                    cast(if(pair.b = 0, 0, pair.a % pair.b) as decimal(38, 0)) as b
                ),
                pair -> pair.a
            ) as decimal(38, 0)
        ) as decimal(38, 0)
    )
{%- endmacro %}

{% macro spark__raise_error(message) -%}
    cast(raise_error({{ message }}) as string)
{%- endmacro %}

{% macro spark__local_date(instant, time_zone) -%}
    cast(from_utc_timestamp({{ instant }}, {{ string_literal(time_zone) }}) as date)
{%- endmacro %}

{# Binds a value to a name in an expression: it is written, and computed, once. #}
{% macro _with_value(name, value, expression) -%}
    transform(array({{ value }}), {{ name }} -> {{ expression }})[0]
{%- endmacro %}

{#
    to_utc_timestamp takes the earlier one of two instants. The later one, if there is
    one, has the offset of the day after.
#}
{% macro spark__local_to_utc(local_timestamp, time_zone) -%}
    {%- set later -%}
        timestamp_micros(
            unix_micros(pair.local_at) + unix_micros(pair.next_at)
            - unix_micros(from_utc_timestamp(pair.next_at, {{ time_zone }}))
        )
    {%- endset -%}
    case
        when {{ time_zone }} = 'UTC' then {{ local_timestamp }}
        else {{ _with_value(
            'pair',
            'named_struct(\'local_at\', ' ~ local_timestamp ~ ', \'next_at\', timestampadd('
            ~ 'day, 1, to_utc_timestamp(' ~ local_timestamp ~ ', ' ~ time_zone ~ ')))',
            'case when from_utc_timestamp(' ~ later ~ ', ' ~ time_zone
            ~ ') = pair.local_at then ' ~ later ~ ' else timestampadd(day, -1, pair.next_at) end'
        ) }}
    end
{%- endmacro %}

{# The clock and the offset are cut out of the text; the engine's cast knows the days. #}
{% macro spark__utc_instant(text, time_zone) -%}
    {%- set local_text -%}
        concat(
            left(said.text, 10), ' ', case length(said.clock)
                when 0 then '00:00:00'
                when 5 then concat(said.clock, ':00')
                else left(said.clock, 15)
            end
        )
    {%- endset -%}
    {%- set parts -%}
        named_struct(
            'text', cell, 'clock', regexp_extract(cell, '[T ]([0-9:.]+)', 1),
            'offset', regexp_extract(cell, r':.*?(Z|[+-][0-9:]+)\z', 1)
        )
    {%- endset -%}
    {%- set offset = 'rpad(translate(substr(said.offset, 2), \':\', \'\'), 4, \'0\')' -%}
    {%- set minutes -%}
        if(left(said.offset, 1) = '-', 1, -1) * (
            60 * cast(left({{ offset }}, 2) as int) + cast(right({{ offset }}, 2) as int)
        )
    {%- endset -%}
    {%- set instant -%}
        case
            when said.offset = '' then {{ local_to_utc('local_at', time_zone) }}
            when said.offset = 'Z' then local_at
            else timestampadd(minute, {{ minutes }}, local_at)
        end
    {%- endset -%}
    {{ _with_value(
        'cell', trimmed(text),
        'case when ' ~ matches('cell', "'" ~ timestamp_form() ~ "'") ~ ' then '
        ~ _with_value('said', parts, _with_value(
            'local_at', 'try_cast(' ~ local_text ~ ' as timestamp)', instant
        )) ~ ' end'
    ) }}
{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) -%}
    {{ return(_create_definition_table(model)) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {{ return(_load_definition(model)) }}
{%- endmacro %}

{% macro spark__get_empty_schema_sql(columns) -%}
    {{ return(_typed_empty_query(columns)) }}
{%- endmacro %}

{# One statement at a time, here and now: dbt gets none that is left over. #}
{% macro spark__statements(texts) -%}
    {%- for text in texts if execute -%}
        {%- do run_query(text) -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{% macro spark__delete_rows(relation, condition) -%}
    {%- if condition == 'true' -%} {{ return(['truncate table ' ~ relation]) }} {%- endif -%}
    {%- if condition == 'false' -%} {{ return([]) }} {%- endif -%}
    {{ return(_rewrite_table(
        relation, 'select * from ' ~ relation ~ ' where (' ~ condition ~ ') is not true'
    )) }}
{%- endmacro %}

{# The statements that put the rows of a query, which reads a table, in its place. #}
{% macro _rewrite_table(relation, query) -%}
    {%- set rewritten = relation ~ '__rewritten' -%}
    {{ return([
        'drop table if exists ' ~ rewritten,
        'create table ' ~ rewritten ~ ' using parquet as ' ~ query,
        'insert overwrite table ' ~ relation ~ ' select * from ' ~ rewritten,
        'drop table ' ~ rewritten
    ]) }}
{%- endmacro %}

{% macro spark__remember_recount() -%}
    {%- set changes = ref('int_score_changes') -%}
    {{ statements(_rewrite_table(
        changes, 'select * except (is_counted), true as is_counted from ' ~ changes
    )) }}
{%- endmacro %}

{# In the strategy's place: dbt-spark knows none but its own. #}
{% macro dbt_spark_validate_get_incremental_strategy(raw_strategy, file_format) -%}
    {{ return(raw_strategy) }}
{%- endmacro %}

{% macro dbt_spark_get_incremental_sql(
    strategy, source, target, existing, unique_key, incremental_predicates
) -%}
    {%- if strategy == 'rejudge' -%}
        {{ return(_spark_rejudge(source, target)) }}
    {%- endif -%}
    {{ get_insert_into_sql(source, target) }}
{%- endmacro %}

{#
    The strategy `rejudge`. The months in which a row goes or comes are written anew, from
    what stays of them and what was judged; one of which nothing is left is dropped.
#}
{% macro _spark_rejudge(judged_view, store) -%}
    {%- set kinds = ref('int_answer_kinds') -%}
    {%- set keys = ref('int_answer_keys_concerned') -%}
    {%- set batches = ref('int_batches_unpublished') -%}
    {%- set judged = store ~ '__judged' -%}
    {%- set rewritten = store ~ '__rewritten' -%}
    {%- set columns = get_quoted_csv(
        adapter.get_columns_in_relation(store) | map(attribute='name')
    ) -%}
    {%- set goes -%}
        (
            key_hash in (select wanted.key_hash from {{ keys }} as wanted)
            or {{ 'true' if feed_plan().rebuilds else is_from_file(withdrawn_files()) }}
        )
    {%- endset -%}
    {{ statements([
        'drop table if exists ' ~ judged,
        'drop table if exists ' ~ rewritten,
        'create table ' ~ judged ~ ' using parquet as select ' ~ columns ~ ' from '
        ~ judged_view
    ]) }}
    {%- do tell_feed_changes(store, judged) -%}
    {%- set concerned_months = 'select reporting_month from ' ~ store ~ ' where '
        ~ goes ~ ' union select reporting_month from ' ~ judged -%}
    {{ statements([
        'insert into ' ~ ref('int_score_changes') ~ ' ' ~ _score_changes(
            ref('int_stored_answers_concerned'), with_answer_kinds(judged, kinds), keys
        ),
        'create table ' ~ rewritten ~ ' using parquet as select ' ~ columns ~ ' from '
        ~ store ~ ' where reporting_month in (' ~ concerned_months ~ ') and '
        ~ goes ~ ' is not true union all select ' ~ columns ~ ' from ' ~ judged,
        'insert into ' ~ batches ~ ' select distinct judged_batch from ' ~ judged
        ~ ' except select judged_batch from ' ~ batches
    ]) }}
    {%- for row in run_query(
        'select reporting_month from ' ~ store ~ ' where ' ~ goes
        ~ ' except select reporting_month from ' ~ rewritten
    ).rows -%}
        {{ statements([
            'alter table ' ~ store ~ ' drop if exists partition (reporting_month = '
            ~ string_literal(row[0]) ~ ')'
        ]) }}
    {%- endfor -%}
    insert overwrite table {{ store }} partition (reporting_month)
    select {{ columns }} from {{ rewritten }}
{%- endmacro %}

{# The column by which the store is partitioned; rows without a day share a partition. #}
{% macro spark__partition_columns(date) -%}
    {{ return(
        ['coalesce(date_format(' ~ date ~ ", 'yyyy-MM'), 'none') as reporting_month"]
    ) }}
{%- endmacro %}
