with

judged_answers as (

    select *
    from {{ with_answer_kinds(
        ref('int_survey_answers_stored'), ref('int_answer_kinds')
    ) }} as judged_answers

)

select * from judged_answers
