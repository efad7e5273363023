with

concerned as (

    select * from {{ ref('int_answer_kinds_concerned') }}

),

answer_kinds as (

    select * from {{ ref('int_answer_kinds') }}

),

numbered as (

    select
        answer_kinds.answer_kind_id,
        concerned.*

    from concerned
    inner join answer_kinds
        on {{ same_values('concerned', 'answer_kinds', answer_kind_columns()) }}

)

select * from numbered
