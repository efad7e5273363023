-- depends_on: {{ source('raw', 'survey_answers') }}
with

feed as (

    select * from {{ survey_answers_feed() }}

),

renamed as (

    select
        feed_file,
        source_system,
        survey_id,
        question_id,
        response_id,
        answer,
        responded_at,
        respondent_id,
        channel,
        segment,
        comment,
        interaction_at,
        invited_at,
        response_status,
        updated_at,
        weight

    from feed

)

select * from renamed
