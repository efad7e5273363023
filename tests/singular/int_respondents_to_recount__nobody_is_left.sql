-- depends_on: {{ ref('int_answers_overtaken') }}
-- depends_on: {{ ref('int_nps_answers_paired') }}
select * from {{ ref('int_respondents_to_recount') }}
