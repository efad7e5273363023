{# What PostgreSQL has words of its own for. #}

{% macro postgres___check_engine() -%}
    {%- set database = run_query(
        "select datcollate, pg_encoding_to_char(encoding) from pg_database"
        " where datname = current_database()"
    ).rows[0] -%}
    {%- if database[0] not in ('C', 'POSIX', 'C.UTF-8', 'C.utf8') or database[1] != 'UTF8' -%}
        {%- do exceptions.raise_compiler_error(
            'The database ' ~ target.dbname ~ ' has the collation ' ~ database[0]
            ~ ' and the encoding ' ~ database[1] ~ ', in which text is ordered otherwise '
            ~ 'than on other engines: make one with `createdb --template=template0 '
            ~ '--locale=C --encoding=UTF8 NAME`.'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{% macro postgres__engine_data_type(data_type) -%}
    {{ return({
        'double': 'double precision', 'ubigint': 'bigint', 'varchar': 'text',
        'hugeint': 'numeric(38, 0)'
    }.get(data_type, data_type)) }}
{%- endmacro %}

{# Under the collation C lower knows ASCII only; the two letters differ between libraries. #}
{% macro postgres__folded(text) -%}
    lower(translate({{ trimmed(text) }}, 'İΣ', 'iσ') collate "und-x-icu") collate "C"
{%- endmacro %}

{# No join on `is not distinct from` is hashed; arrays are, and hold null to be a value. #}
{% macro postgres__same_value(left, right) -%}
    (array[{{ left }}] = array[{{ right }}])
{%- endmacro %}

{% macro postgres__evaluated_once() %} offset 0{% endmacro %}

{% macro postgres__matches(text, pattern) -%}
    {{ text }} ~ {{ "'^(?:" ~ pattern[1:-1] ~ ")$'" }}
{%- endmacro %}

{% macro postgres__key_hash() -%}
    cast(cast('x' || left(md5({{ key_text([
        'source_system', 'survey_id', 'response_id', 'question_id'
    ]) }}), 16) as bit(64)) as bigint)
{%- endmacro %}

{% macro postgres__fingerprint(columns) -%}
    {%- set cells = [] -%}
    {%- for column in columns -%} {%- do cells.append(as_text(column)) -%} {%- endfor -%}
    cast(
        cast(cast('x' || left(md5({{ key_text(cells) }}), 15) as bit(60)) as bigint)
        % 1000000007 as decimal(10, 0)
    )
{%- endmacro %}

{% macro postgres__respondent_hash() -%}
    encode(sha256(
        {{ _erasure_pad('outer_pad') }} || sha256(
            {{ _erasure_pad('inner_pad') }} || convert_to(
                length(source_system) || ':' || source_system
                || length(respondent_id) || ':' || respondent_id, 'UTF8'
            )
        )
    ), 'hex')
{%- endmacro %}

{% macro postgres__least_common_multiple(left_number, right_number) -%}
    cast(
        lcm(
            cast({{ left_number }} as numeric(38, 0)),
            cast({{ right_number }} as numeric(38, 0))
        ) as decimal(38, 0)
    )
{%- endmacro %}

{# There is no function that fails with a message; a cast that cannot be does it. #}
{% macro postgres__raise_error(message) -%}
    cast(cast({{ message }} as integer) as text)
{%- endmacro %}

{% macro postgres__local_date(instant, time_zone) -%}
    cast({{ instant }} at time zone 'UTC' at time zone {{ string_literal(time_zone) }} as date)
{%- endmacro %}

{% macro postgres__local_to_utc(local_timestamp, time_zone) -%}
    case
        when {{ time_zone }} = 'UTC' then {{ local_timestamp }}
        else {{ local_timestamp }} at time zone {{ time_zone }} at time zone 'UTC'
    end
{%- endmacro %}

{% macro postgres__create_csv_table(model, agate_table) -%}
    {{ return(_create_definition_table(model)) }}
{%- endmacro %}

{% macro postgres__load_csv_rows(model, agate_table) -%}
    {{ return(_load_definition(model)) }}
{%- endmacro %}

{% macro postgres__get_empty_schema_sql(columns) -%}
    {{ return(_typed_empty_query(columns)) }}
{%- endmacro %}

{% macro postgres__get_table_columns_and_constraints() -%}
    {{ return(_typed_columns()) }}
{%- endmacro %}

{#
    The indexes and the statistics of a table that was just made: the model that reads it
    next is planned by them, long before PostgreSQL would look at it by itself. dbt calls
    this. A public mart has a unique index on each key that it declares (its test
    unique_key), and those by which dashboards ask; a published mart has the same ones. The
    store of judged answers has what a later run looks up: keys that come again, a batch,
    days to count anew, what lies in the future.
#}
{% macro postgres__create_indexes(relation) -%}
    {{ dbt.default__create_indexes(relation) }}
    {%- do run_query('analyze ' ~ relation) -%}
    {%- set keys = [] -%}
    {%- set others = [] -%}
    {%- if model.name == 'int_survey_answers_stored' -%}
        {%- do others.extend([
            ['key_hash'], ['judged_batch'], ['reporting_date'], ['responded_at_utc']
        ]) -%}
    {%- elif model.name in models_by_respondent() -%}
        {%- do others.append(['respondent_key']) -%}
    {%- elif graph.nodes.get(model.unique_id, {}).access == 'public' -%}
        {%- do keys.extend(_declared_keys(model.unique_id)) -%}
        {%- for columns in [
            ['period_id'],
            ['period_grain', 'period_start_date'],
            ['touchpoint_id', 'period_grain', 'period_start_date'],
            ['reporting_date'],
            ['touchpoint_id', 'reporting_date']
        ] if columns not in keys and not columns | reject('in', model.columns) | list -%}
            {%- do others.append(columns) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for columns in keys -%}
        {%- do run_query(
            'create unique index on ' ~ relation ~ ' (' ~ columns | join(', ') ~ ')'
        ) -%}
    {%- endfor -%}
    {%- for columns in others -%}
        {%- do run_query(
            'create index on ' ~ relation ~ ' (' ~ columns | join(', ') ~ ')'
        ) -%}
    {%- endfor -%}
{%- endmacro %}

{#
    The keys of a model, lists of columns, as its data tests unique_key name them. Without
    those that hold a text of the feed, which may be longer than an index takes: no answer
    stops a build.
#}
{% macro _declared_keys(model_id) -%}
    {%- set of_the_feed = [
        'source_system', 'survey_id', 'question_id', 'channel', 'segment'
    ] -%}
    {%- set keys = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'test' and node.attached_node == model_id
        and node.test_metadata and node.test_metadata.name == 'unique_key' -%}
        {%- set arguments = node.test_metadata.kwargs -%}
        {%- for columns in arguments.get('keys') or [arguments['columns']]
            if not columns | select('in', of_the_feed) | list -%}
            {%- do keys.append(columns) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(keys) }}
{%- endmacro %}
