{%- set columns = answer_kind_columns() -%}
with

concerned as (

    select distinct
        {{ columns.keys() | join(',\n        ') }}

    from {{ ref('int_answer_kinds_concerned') }}

),

held as (

    select held_answer_kinds.* from {{ held_answer_kinds() }} as held_answer_kinds

),

new_kinds as (

    select concerned.*

    from concerned
    left join held
        on {{ same_values('concerned', 'held', columns) }}
    where held.answer_kind_id is null

),

numbered as (

    select
        cast(
            (select coalesce(max(held.answer_kind_id), 0) from held)
            + row_number() over (order by {{ columns.keys() | join(', ') }}) as integer
        ) as answer_kind_id,
        *

    from new_kinds

)

select * from numbered
