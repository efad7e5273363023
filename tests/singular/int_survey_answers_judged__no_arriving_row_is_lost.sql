with

arriving as (

    select
        feed_file,
        source_system,
        survey_id,
        question_id,
        {{ is_erased() }} as is_erased

    from {{ ref('stg_raw__survey_answers') }}

),

-- Of the erased only file and source are kept.
arrived as (

    select
        feed_file,
        source_system,
        case when not is_erased then survey_id end as survey_id,
        case when not is_erased then question_id end as question_id,
        is_erased,
        count(*) as row_count

    from arriving

    group by
        feed_file,
        source_system,
        case when not is_erased then survey_id end,
        case when not is_erased then question_id end,
        is_erased

),

judged as (

    select
        feed_file,
        source_system,
        survey_id,
        question_id,
        answer_status = 'erased' as is_erased,
        count(*) as row_count

    from {{ ref('int_survey_answers_judged') }}
    where feed_file in (select arrived.feed_file from arrived)

    group by
        feed_file,
        source_system,
        survey_id,
        question_id,
        answer_status = 'erased'

),

lost as (

    select * from arrived
    except
    select * from judged

),

come_from_nowhere as (

    select * from judged
    except
    select * from arrived

),

wrong as (

    select * from lost
    union all
    select * from come_from_nowhere

)

select * from wrong
