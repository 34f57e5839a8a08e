// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the routes' table names: one function a route, in the file of its noun (api-jobs.c, agent-leases.c,
 * …), and the values that more than one of them writes. */

#include "core/site/agent.h"
#include "core/printer/reader.h"
#include "core/release/delivery.h"
#include "core/person/person.h"
#include "core/sign-in/session.h"
#include "core/job/ticket.h"
#include "door/request.h"

int health_answer(struct request *request);
int metrics_answer(struct request *request);

int live_answer(struct request *request);

int set_up_answer(struct request *request);
int set_up_profile_answer(struct request *request);

int me_answer(struct request *request);
int me_change_answer(struct request *request);
int tenant_answer(struct request *request);
int tenant_change_answer(struct request *request);
int company_code_renew_answer(struct request *request);

int tenants_answer(struct request *request);
int tenant_make_answer(struct request *request);
int tenant_look_answer(struct request *request);
int tenant_manage_answer(struct request *request);
int tenant_delete_answer(struct request *request);
int tenant_code_answer(struct request *request);

int device_move_answer(struct request *request);
int device_move_code_answer(struct request *request);

int domains_answer(struct request *request);
int domain_claim_answer(struct request *request);
int domain_answer(struct request *request);
int domain_prove_answer(struct request *request);
int domain_delete_answer(struct request *request);

int keys_answer(struct request *request);
int keys_rotate_answer(struct request *request);

int authority_answer(struct request *request);
int authority_make_answer(struct request *request);
int certificates_answer(struct request *request);
int certificate_revoke_answer(struct request *request);
int printer_certificate_make_answer(struct request *request);
int printer_certificate_code_answer(struct request *request);
int agent_certificate_answer(struct request *request);
int est_authority_answer(struct request *request);
int est_enrol_answer(struct request *request);
int est_renew_answer(struct request *request);

int sign_in_answer(struct request *request);
int session_make_answer(struct request *request);
int sessions_answer(struct request *request);
int session_answer(struct request *request);
int session_delete_answer(struct request *request);
int session_factor_answer(struct request *request);
int session_fresh_answer(struct request *request);
int person_sessions_delete_answer(struct request *request);
int passkey_ask_answer(struct request *request);
int passkey_challenge_answer(struct request *request);

int methods_answer(struct request *request);
int method_make_answer(struct request *request);
int method_answer(struct request *request);
int method_change_answer(struct request *request);
int method_delete_answer(struct request *request);
int method_try_answer(struct request *request);
int sign_in_policy_answer(struct request *request);
int sign_in_policy_change_answer(struct request *request);

int factors_answer(struct request *request);
int factors_delete_answer(struct request *request);
int totp_make_answer(struct request *request);
int totp_confirm_answer(struct request *request);
int totp_delete_answer(struct request *request);
int recovery_make_answer(struct request *request);
int passkeys_answer(struct request *request);
int passkey_make_answer(struct request *request);
int passkey_delete_answer(struct request *request);
int codes_answer(struct request *request);
int code_make_answer(struct request *request);
int code_delete_answer(struct request *request);

int tokens_answer(struct request *request);
int token_make_answer(struct request *request);
int token_delete_answer(struct request *request);

int clients_answer(struct request *request);
int client_make_answer(struct request *request);
int client_answer(struct request *request);
int client_delete_answer(struct request *request);
int client_rotate_answer(struct request *request);
int grants_answer(struct request *request);
int grant_delete_answer(struct request *request);
int oidc_begin_answer(struct request *request);
int oidc_callback_answer(struct request *request);
int oidc_leave_answer(struct request *request);
int oidc_back_channel_answer(struct request *request);

int oauth_token_answer(struct request *request);
int oauth_revoke_answer(struct request *request);
int oauth_device_answer(struct request *request);
int oauth_metadata_answer(struct request *request);
int authorize_page_answer(struct request *request);
int authorize_form_answer(struct request *request);
int device_page_answer(struct request *request);
int device_form_answer(struct request *request);
int sign_in_page_answer(struct request *request);
int sign_in_form_answer(struct request *request);
int sign_out_form_answer(struct request *request);
int register_page_answer(struct request *request);
int register_form_answer(struct request *request);
int account_page_answer(struct request *request);
int account_form_answer(struct request *request);

int jobs_answer(struct request *request);
int job_answer(struct request *request);
int job_change_answer(struct request *request);
int job_delete_answer(struct request *request);
int job_settle_answer(struct request *request);
int job_page_answer(struct request *request);
int job_document_answer(struct request *request);
int job_accounting_answer(struct request *request);
int job_password_answer(struct request *request);
int job_ticket_answer(struct request *request);

int person_ticket_answer(struct request *request);
int person_ticket_set_answer(struct request *request);
int queue_ticket_answer(struct request *request);
int queue_ticket_set_answer(struct request *request);
int printer_groups_answer(struct request *request);
int printer_group_make_answer(struct request *request);
int printer_group_answer(struct request *request);
int printer_group_change_answer(struct request *request);
int printer_group_delete_answer(struct request *request);
int printer_group_printers_answer(struct request *request);
int printer_group_add_answer(struct request *request);
int printer_group_remove_answer(struct request *request);
int printer_ticket_answer(struct request *request);
int printer_ticket_set_answer(struct request *request);
int printer_welcome_answer(struct request *request);
int printer_welcome_print_answer(struct request *request);
int printer_people_answer(struct request *request);
int printer_people_set_answer(struct request *request);
int site_ticket_answer(struct request *request);
int site_ticket_set_answer(struct request *request);
int tenant_ticket_answer(struct request *request);
int tenant_ticket_set_answer(struct request *request);

int policies_answer(struct request *request);
int policy_trial_answer(struct request *request);
int policy_make_answer(struct request *request);
int policy_answer(struct request *request);
int policy_change_answer(struct request *request);
int policy_delete_answer(struct request *request);
/* The format that its octets were sniffed to be, where the queue takes it. CORE_BAD_FORMAT. */
int upload_settle_format(struct request *request);
int upload_open(struct request *request);
int upload_octets(struct request *request, struct text octets);
int upload_answer(struct request *request);
void upload_close(struct request *request);

int release_make_answer(struct request *request);
int release_answer(struct request *request);

int printers_answer(struct request *request);
int printers_mine_answer(struct request *request);
int favourite_mark_answer(struct request *request);
int favourite_unmark_answer(struct request *request);
int printer_make_answer(struct request *request);
int printer_answer(struct request *request);
int printer_change_answer(struct request *request);
int printer_delete_answer(struct request *request);
int printer_state_answer(struct request *request);
int printer_device_answer(struct request *request);
int printer_device_change_answer(struct request *request);

int agent_discovery_answer(struct request *request);
int agent_discovery_set_answer(struct request *request);
int discovery_runs_answer(struct request *request);
int discovery_run_make_answer(struct request *request);
int discovery_run_stop_answer(struct request *request);
int discovery_work_answer(struct request *request);
/* The configuration's member: null where nothing was set. NULL is a fault. */
json_t *discovery_configuration_json(struct request *request);
/* By which the agent that asks may ask printers by SNMP: its discovery's. Empty where nothing is wanted. */
json_t *asking_credentials_json(struct request *request, bool wanted);

int alerts_answer(struct request *request);
int alert_routes_answer(struct request *request);
int alert_route_make_answer(struct request *request);
int alert_route_change_answer(struct request *request);
int alert_route_delete_answer(struct request *request);
int printer_meters_answer(struct request *request);
int report_usage_answer(struct request *request);
int tenant_usage_answer(struct request *request);
int tenant_usage_change_answer(struct request *request);
int printer_usage_answer(struct request *request);
int printer_usage_change_answer(struct request *request);

/* What an agent is to ask printers, with the credentials for it; formats: those that each is set up with. */
typedef int (*questions_take)(struct core *core, const struct actor *agent, struct printer *ret, size_t max,
                              size_t *ret_count);
int request_answer_questions(struct request *request, questions_take next, bool has_formats);
int printer_readiness_answer(struct request *request);
int readiness_questions_answer(struct request *request);
int readiness_keep_answer(struct request *request);
int device_configuration_answer(struct request *request);
int device_configure_answer(struct request *request);
int device_tasks_answer(struct request *request);
int device_task_finish_answer(struct request *request);
/* Of an agent's credentials those for writing, or the others. */
json_t *credentials_json(const struct buffer *kept, bool is_writing);

int discovered_printers_answer(struct request *request);
int discovered_printer_answer(struct request *request);
int discovered_printer_adopt_answer(struct request *request);
int discovered_printer_delete_answer(struct request *request);

int report_supplies_answer(struct request *request);

int printer_prices_answer(struct request *request);
int printer_prices_set_answer(struct request *request);
int printer_prices_delete_answer(struct request *request);

int printer_accounting_answer(struct request *request);
int printer_accounting_change_answer(struct request *request);
int queue_accounting_answer(struct request *request);
int queue_accounting_change_answer(struct request *request);
int tenant_accounting_answer(struct request *request);
int tenant_accounting_change_answer(struct request *request);
int saved_accounting_answer(struct request *request);
int saved_accounting_change_answer(struct request *request);
int saved_accounting_delete_answer(struct request *request);

int queues_answer(struct request *request);
int queue_make_answer(struct request *request);
int queue_answer(struct request *request);
int queue_change_answer(struct request *request);
int queue_delete_answer(struct request *request);

int people_answer(struct request *request);
int person_make_answer(struct request *request);
int person_answer(struct request *request);
int person_change_answer(struct request *request);
int person_delete_answer(struct request *request);
int password_set_answer(struct request *request);
int pin_set_answer(struct request *request);
int people_import_open(struct request *request);
int people_import_octets(struct request *request, struct text octets);
int people_import_answer(struct request *request);
void people_import_close(struct request *request);
int people_export_answer(struct request *request);
int person_groups_answer(struct request *request);
int admission_answer(struct request *request);
int admission_change_answer(struct request *request);
int address_rules_answer(struct request *request);
int address_rule_make_answer(struct request *request);
int address_rule_delete_answer(struct request *request);
int registrations_answer(struct request *request);
int code_ask_answer(struct request *request);
int registration_request_answer(struct request *request);
int registration_confirm_answer(struct request *request);
int registration_approve_answer(struct request *request);
int registration_delete_answer(struct request *request);
int badge_claim_answer(struct request *request);
int badge_claim_look_answer(struct request *request);
int person_export_answer(struct request *request);
int groups_answer(struct request *request);
int group_make_answer(struct request *request);
int group_answer(struct request *request);
int group_change_answer(struct request *request);
int group_delete_answer(struct request *request);
int group_members_answer(struct request *request);
int group_member_add_answer(struct request *request);
int group_member_remove_answer(struct request *request);
int badges_answer(struct request *request);
int badge_make_answer(struct request *request);
int badge_delete_answer(struct request *request);

int machine_answer(struct request *request);
int machine_change_answer(struct request *request);
int labels_answer(struct request *request);
int labels_print_answer(struct request *request);
int report_pages_answer(struct request *request);
int report_schedules_answer(struct request *request);
int report_schedule_make_answer(struct request *request);
int report_schedule_change_answer(struct request *request);
int report_schedule_send_answer(struct request *request);
int report_schedule_delete_answer(struct request *request);
int report_setting_answer(struct request *request);
int report_setting_change_answer(struct request *request);
int report_jobs_answer(struct request *request);
int person_unlock_answer(struct request *request);
int person_take_pin_answer(struct request *request);

int delegates_answer(struct request *request);
int delegate_name_answer(struct request *request);
int delegate_remove_answer(struct request *request);
int owners_answer(struct request *request);

/* The code, or the next key's fingerprint, that an outpost sends; false after a complaint was answered. */
bool outpost_read_code(struct request *request, char code[OUTPOST_CODE], int *ret_r);
bool outpost_read_fingerprint(struct request *request, uint8_t fingerprint[HTTP_FINGERPRINT_OCTETS],
                              int *ret_r);
/* Answers with the row's value and the code with which it enrols. */
int outpost_answer_code(struct request *request, json_t *value, const char *code);
extern const struct problem problem_bad_code;

int converters_answer(struct request *request);
int converter_make_answer(struct request *request);
int converter_answer(struct request *request);
int converter_delete_answer(struct request *request);
int converter_enrolment_answer(struct request *request);
int converter_renewal_answer(struct request *request);
int converter_configuration_answer(struct request *request);
int converter_channel_answer(struct request *request);
int converter_formats_answer(struct request *request);
int converter_work_answer(struct request *request);
int converter_document_answer(struct request *request);
int converter_frames_open(struct request *request);
int converter_frames_octets(struct request *request, struct text octets);
void converter_frames_close(struct request *request);
int converter_frames_answer(struct request *request);
int converter_lease_answer(struct request *request);
int converter_outcome_answer(struct request *request);

int agents_answer(struct request *request);
int agent_make_answer(struct request *request);
int agent_answer(struct request *request);
int agent_code_answer(struct request *request);
int agent_delete_answer(struct request *request);

int agent_change_answer(struct request *request);
int agent_doors_answer(struct request *request);
int agent_doors_set_answer(struct request *request);
int agent_dns_records_answer(struct request *request);
int submission_answered_answer(struct request *request);
/* Adds the members "ipp" and "lpd" of an agent's configuration; core's refusals. */
int agent_doors_configure(struct request *request, json_t *configuration);
/* By its id or its name. */
int request_find_queue_named(struct request *request, const char *name, struct queue *ret);

int sites_answer(struct request *request);
int site_make_answer(struct request *request);
int site_answer(struct request *request);
int site_offline_answer(struct request *request);
int site_offline_set_answer(struct request *request);
int site_change_answer(struct request *request);
int site_delete_answer(struct request *request);
int site_administrators_answer(struct request *request);
int site_appoint_answer(struct request *request);
int site_dismiss_answer(struct request *request);

int readers_answer(struct request *request);
int reader_make_answer(struct request *request);
int reader_change_answer(struct request *request);
int reader_models_answer(struct request *request);
int reader_models_change_answer(struct request *request);
int agent_reader_models_answer(struct request *request);
int agent_reader_models_change_answer(struct request *request);
int reader_delete_answer(struct request *request);

int audit_records_answer(struct request *request);
int audit_checkpoints_answer(struct request *request);
int audit_export_answer(struct request *request);

int submitters_answer(struct request *request);
int submitter_make_answer(struct request *request);
int submitter_delete_answer(struct request *request);
int refused_deposits_answer(struct request *request);
int refused_deposit_give_answer(struct request *request);
int refused_deposit_discard_answer(struct request *request);

/* What an agent must know to keep something: {"key"}; null where the keeper does not answer now. */
json_t *deposit_configuration_json(struct request *request);
int deposit_receive_open(struct request *request);
int deposit_receive_octets(struct request *request, struct text octets);
int deposit_receive_answer(struct request *request);
void deposit_receive_close(struct request *request);

int enrolment_answer(struct request *request);
int renewal_answer(struct request *request);
int configuration_answer(struct request *request);
int incarnation_answer(struct request *request);
int alive_answer(struct request *request);
int update_answer(struct request *request);
int health_of_agent_answer(struct request *request);
/* What an agent told of itself; null where it is empty. */
json_t *agent_health_json(const struct agent *agent);
int channel_answer(struct request *request);
int directory_questions_answer(struct request *request);
int directory_answers_answer(struct request *request);
int leases_answer(struct request *request);

int directory_domains_answer(struct request *request);
int directory_domains_look_answer(struct request *request);
int synchronisation_make_answer(struct request *request);
int synchronisation_answer(struct request *request);

int stays_answer(struct request *request);
int stay_removed_answer(struct request *request);
int stay_lost_answer(struct request *request);
int homes_answer(struct request *request);
int home_take_answer(struct request *request);
int home_document_answer(struct request *request);
int home_back_answer(struct request *request);
int home_released_answer(struct request *request);
int snapshot_answer(struct request *request);
int swipes_answer(struct request *request);
int appliances_answer(struct request *request);
int delivery_document_answer(struct request *request);
int delivery_arm_answer(struct request *request);
int delivery_outcome_answer(struct request *request);
int delivery_progress_answer(struct request *request);
int printer_pin_answer(struct request *request);
int printer_questions_answer(struct request *request);
int printer_state_keep_answer(struct request *request);
int sightings_open(struct request *request);
int sightings_answer(struct request *request);

/* The header Document-Password, decoded; length 0 where there is none. False after a refusal was answered. */
struct document_password {
        size_t length;
        char octets[127];
};
void document_password_done(struct document_password *password);
bool document_password_read(struct request *request, struct document_password *ret, int *ret_r);

/* What becomes of one option, and why: option, asked, value, choices, policy; all null where note is NULL. */
struct settled_note;
json_t *settled_note_json(const struct settled_note *note);
/* What a ticket becomes, everything that is otherwise than it was asked for, and what it would cost. */
struct settled;
json_t *settled_json(const struct settled *settled, const struct cost *cost);
/* What a member is called here: IPP's name with underscores for hyphens. */
void ticket_member_name(const struct ticket_member *member, char ret[TICKET_KEYWORD]);
/* One value of a ticket, as core has it in text. */
json_t *ticket_value_json(const struct ticket_member *member, const char *value);
/* {"account", "user"}; null where there is none. */
json_t *accounting_json(const struct accounting *accounting);
/* The same, and the headers Job-Account-Id and Job-Accounting-User-Id. False after a complaint was answered.
 */
bool accounting_read(struct request *request, json_t *value, struct accounting *ret, int *ret_r);
bool accounting_read_headers(struct request *request, struct accounting *ret, int *ret_r);

/* Only what is set. */
json_t *ticket_json(const struct ticket *ticket);
/* False after a complaint was answered. */
bool ticket_read(struct request *request, json_t *value, struct ticket *ret, int *ret_r);
/* From the query of an upload (?copies=2&sides=…). */
bool ticket_read_query(struct request *request, struct ticket *ret, int *ret_r);

/* Opens a session for somebody who has just proved who he is, by whichever method, and answers it (201). The
 * label is the browser's name where it is NULL. */
struct sign_in;
int session_open_for(struct request *request, const struct sign_in *found, enum session_kind kind,
                     const char *label);

struct passkey;
json_t *passkey_json(const struct passkey *passkey);
json_t *offers_json(struct core *core, const struct delivery_offer *offers, size_t count);
json_t *job_json(const struct job *job);
/* The job of the path, by its id or by the number that people and IPP know it by. Core's refusals. */
int request_find_job(struct request *request, struct job *ret);
/* What a keyword of a conversion that failed tells its owner, and what to do; NULL where it is none. */
const char *conversion_sentence(const char *reason);
json_t *person_json(const struct person *person);
json_t *reader_json(const struct reader *reader);
json_t *agent_features_json(uint32_t off);
/* A page of those of a group; zero: of any. */
int printers_answer_of(struct request *request, struct id group);
json_t *reader_switches_json(const struct reader_switch switches[READER_MODELS]);
json_t *printer_json(const struct printer *printer, bool shows_addresses);
/* With what is known of it now; for lists: item is a struct printer, context the request. */
json_t *printer_listed_json(const void *item, void *context);
json_t *printer_identity_json(const struct printer *printer);

/* The queue of the path, likewise. */
int request_find_queue(struct request *request, struct queue *ret);
/* An id or a name. Core's refusals. */
struct site;
int request_find_site(struct request *request, struct text name, struct site *ret);
/* The member "site", an id or a name, null being none; left as it is where the member is not there. False
 * after a refusal was answered. */
bool request_read_site(struct request *request, struct members *members, struct id *to, int *ret_r);

/* The body as members; false after a complaint was answered. */
bool request_members(struct request *request, struct members *ret, int *ret_r);

/* The panels of printers: their pages (door/panel/panel.h) and what the API knows of them. */
int panel_page_answer(struct request *request);
int panel_form_answer(struct request *request);
int panel_events_answer(struct request *request);
int panel_code_answer(struct request *request);
int panel_preview_answer(struct request *request);
int panels_answer(struct request *request);
int panel_make_answer(struct request *request);
int panel_look_answer(struct request *request);
int panel_change_answer(struct request *request);
int panel_delete_answer(struct request *request);
int panel_bind_answer(struct request *request);
int panel_hand_over_answer(struct request *request);
int panel_code_look_answer(struct request *request);
int panel_invite_answer(struct request *request);
int panel_policy_answer(struct request *request);
int panel_policy_change_answer(struct request *request);
