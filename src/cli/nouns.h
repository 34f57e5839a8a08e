// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the commands' table names: one function a command, in the file of its noun. Each returns an exit
 * status. */

struct invocation;

int init_command(struct invocation *invocation);
int login_command(struct invocation *invocation);
int logout_command(struct invocation *invocation);
int me_command(struct invocation *invocation);
int doctor_command(struct invocation *invocation);

int tenant_show_command(struct invocation *invocation);
int tenant_set_command(struct invocation *invocation);
int tenant_list_command(struct invocation *invocation);
int tenant_add_command(struct invocation *invocation);
int tenant_suspend_command(struct invocation *invocation);
int tenant_resume_command(struct invocation *invocation);
int tenant_code_command(struct invocation *invocation);
int tenant_delete_command(struct invocation *invocation);

int device_move_command(struct invocation *invocation);

int domain_list_command(struct invocation *invocation);
int domain_add_command(struct invocation *invocation);
int domain_prove_command(struct invocation *invocation);
int domain_delete_command(struct invocation *invocation);

int key_list_command(struct invocation *invocation);
int key_rotate_command(struct invocation *invocation);

int authority_show_command(struct invocation *invocation);
int authority_make_command(struct invocation *invocation);
int certificate_list_command(struct invocation *invocation);
int certificate_revoke_command(struct invocation *invocation);
int printer_certificate_command(struct invocation *invocation);
int printer_certificate_code_command(struct invocation *invocation);

int method_list_command(struct invocation *invocation);
int method_show_command(struct invocation *invocation);
int method_add_command(struct invocation *invocation);
int method_set_command(struct invocation *invocation);
int method_delete_command(struct invocation *invocation);
int method_try_command(struct invocation *invocation);
int sign_in_policy_show_command(struct invocation *invocation);
int sign_in_policy_set_command(struct invocation *invocation);

int policy_list_command(struct invocation *invocation);
int policy_add_command(struct invocation *invocation);
int policy_set_command(struct invocation *invocation);
int policy_delete_command(struct invocation *invocation);
int policy_try_command(struct invocation *invocation);
int ticket_show_command(struct invocation *invocation);
int ticket_set_command(struct invocation *invocation);

int session_list_command(struct invocation *invocation);
int session_end_command(struct invocation *invocation);
int factor_show_command(struct invocation *invocation);
int factor_delete_command(struct invocation *invocation);
int factor_totp_command(struct invocation *invocation);
int factor_recovery_command(struct invocation *invocation);
int code_list_command(struct invocation *invocation);
int code_add_command(struct invocation *invocation);
int code_delete_command(struct invocation *invocation);

int person_list_command(struct invocation *invocation);
int person_show_command(struct invocation *invocation);
int person_add_command(struct invocation *invocation);
int person_set_command(struct invocation *invocation);
int person_delete_command(struct invocation *invocation);
int person_password_command(struct invocation *invocation);
int person_pin_command(struct invocation *invocation);
int person_groups_command(struct invocation *invocation);
int person_import_command(struct invocation *invocation);
int person_export_command(struct invocation *invocation);
int person_data_command(struct invocation *invocation);
int person_badges_command(struct invocation *invocation);
int person_badge_command(struct invocation *invocation);
int person_unbadge_command(struct invocation *invocation);

int admission_show_command(struct invocation *invocation);
int admission_set_command(struct invocation *invocation);
int address_rule_list_command(struct invocation *invocation);
int address_rule_add_command(struct invocation *invocation);
int address_rule_delete_command(struct invocation *invocation);
int registration_list_command(struct invocation *invocation);
int registration_approve_command(struct invocation *invocation);
int registration_delete_command(struct invocation *invocation);
int register_command(struct invocation *invocation);
int register_confirm_command(struct invocation *invocation);

int printer_device_command(struct invocation *invocation);
int printer_accept_command(struct invocation *invocation);
int printer_ready_command(struct invocation *invocation);
int printer_configure_command(struct invocation *invocation);
int printer_meters_command(struct invocation *invocation);

int alert_list_command(struct invocation *invocation);
int alert_route_list_command(struct invocation *invocation);
int alert_route_add_command(struct invocation *invocation);
int alert_route_set_command(struct invocation *invocation);
int alert_route_delete_command(struct invocation *invocation);

int printer_protection_command(struct invocation *invocation);
int printer_secure_command(struct invocation *invocation);
int printer_unsecure_command(struct invocation *invocation);
int printer_labels_command(struct invocation *invocation);
int printer_welcome_command(struct invocation *invocation);
int printer_people_command(struct invocation *invocation);
int printer_group_list_command(struct invocation *invocation);
int printer_group_printers_command(struct invocation *invocation);
int printer_group_add_command(struct invocation *invocation);
int printer_group_rename_command(struct invocation *invocation);
int printer_group_delete_command(struct invocation *invocation);
int printer_group_join_command(struct invocation *invocation);
int printer_group_leave_command(struct invocation *invocation);

int group_list_command(struct invocation *invocation);
int group_members_command(struct invocation *invocation);
int group_add_command(struct invocation *invocation);
int group_rename_command(struct invocation *invocation);
int group_delete_command(struct invocation *invocation);
int group_join_command(struct invocation *invocation);
int group_leave_command(struct invocation *invocation);

int badge_claim_command(struct invocation *invocation);

int printer_list_command(struct invocation *invocation);
int printer_show_command(struct invocation *invocation);
int printer_state_command(struct invocation *invocation);
int printer_add_command(struct invocation *invocation);
int printer_set_command(struct invocation *invocation);
int printer_delete_command(struct invocation *invocation);

int favourite_list_command(struct invocation *invocation);
int favourite_add_command(struct invocation *invocation);
int favourite_remove_command(struct invocation *invocation);
int delegate_list_command(struct invocation *invocation);
int delegate_owners_command(struct invocation *invocation);
int delegate_add_command(struct invocation *invocation);
int delegate_remove_command(struct invocation *invocation);
int delegate_decline_command(struct invocation *invocation);
int person_unlock_command(struct invocation *invocation);
int person_unpin_command(struct invocation *invocation);

int directory_list_command(struct invocation *invocation);
int directory_add_command(struct invocation *invocation);
int directory_delete_command(struct invocation *invocation);
int directory_domains_command(struct invocation *invocation);
int directory_try_command(struct invocation *invocation);
int directory_sync_command(struct invocation *invocation);

int site_list_command(struct invocation *invocation);
int site_show_command(struct invocation *invocation);
int site_add_command(struct invocation *invocation);
int site_set_command(struct invocation *invocation);
int site_delete_command(struct invocation *invocation);
int site_administrators_command(struct invocation *invocation);
int site_offline_command(struct invocation *invocation);
int site_appoint_command(struct invocation *invocation);
int site_dismiss_command(struct invocation *invocation);

int agent_show_command(struct invocation *invocation);
int agent_code_command(struct invocation *invocation);
int update_key_command(struct invocation *invocation);
int update_sign_command(struct invocation *invocation);
int agent_set_command(struct invocation *invocation);
int queue_list_command(struct invocation *invocation);
int queue_set_command(struct invocation *invocation);
int queue_add_command(struct invocation *invocation);
int queue_delete_command(struct invocation *invocation);
int submitter_list_command(struct invocation *invocation);
int deposit_list_command(struct invocation *invocation);
int deposit_give_command(struct invocation *invocation);
int deposit_delete_command(struct invocation *invocation);
int submitter_add_command(struct invocation *invocation);
int submitter_delete_command(struct invocation *invocation);

int discovery_show_command(struct invocation *invocation);
int discovery_set_command(struct invocation *invocation);
int discovery_run_command(struct invocation *invocation);
int discovery_runs_command(struct invocation *invocation);
int discovery_stop_command(struct invocation *invocation);
int discovery_found_command(struct invocation *invocation);
int discovery_adopt_command(struct invocation *invocation);
int agent_list_command(struct invocation *invocation);
int agent_add_command(struct invocation *invocation);
int agent_doors_command(struct invocation *invocation);
int agent_dns_records_command(struct invocation *invocation);
int agent_delete_command(struct invocation *invocation);

int panel_list_command(struct invocation *invocation);
int panel_add_command(struct invocation *invocation);
int panel_words_command(struct invocation *invocation);
int panel_delete_command(struct invocation *invocation);
int panel_policy_command(struct invocation *invocation);
int converter_list_command(struct invocation *invocation);
int converter_add_command(struct invocation *invocation);
int converter_delete_command(struct invocation *invocation);

int reader_list_command(struct invocation *invocation);
int reader_add_command(struct invocation *invocation);
int reader_delete_command(struct invocation *invocation);
int reader_set_command(struct invocation *invocation);
int reader_models_command(struct invocation *invocation);
int reader_model_command(struct invocation *invocation);

int job_list_command(struct invocation *invocation);
int job_show_command(struct invocation *invocation);
int job_send_command(struct invocation *invocation);
int job_download_command(struct invocation *invocation);
int job_set_command(struct invocation *invocation);
int job_delete_command(struct invocation *invocation);
int report_supplies_command(struct invocation *invocation);
int price_show_command(struct invocation *invocation);
int price_set_command(struct invocation *invocation);
int price_delete_command(struct invocation *invocation);
int accounting_show_command(struct invocation *invocation);
int accounting_save_command(struct invocation *invocation);
int accounting_forget_command(struct invocation *invocation);
int accounting_job_command(struct invocation *invocation);
int accounting_printer_command(struct invocation *invocation);
int accounting_queue_command(struct invocation *invocation);
int accounting_tenant_command(struct invocation *invocation);
int job_password_command(struct invocation *invocation);
int job_keep_command(struct invocation *invocation);
int job_settle_command(struct invocation *invocation);

int report_pages_command(struct invocation *invocation);
int report_schedule_list_command(struct invocation *invocation);
int report_schedule_add_command(struct invocation *invocation);
int report_schedule_change_command(struct invocation *invocation);
int report_schedule_send_command(struct invocation *invocation);
int report_schedule_delete_command(struct invocation *invocation);
int report_settings_command(struct invocation *invocation);
int release_command(struct invocation *invocation);
int release_show_command(struct invocation *invocation);

int token_list_command(struct invocation *invocation);
int token_add_command(struct invocation *invocation);
int token_delete_command(struct invocation *invocation);

int audit_list_command(struct invocation *invocation);
int audit_export_command(struct invocation *invocation);
int audit_verify_command(struct invocation *invocation);

int grant_list_command(struct invocation *invocation);
int grant_delete_command(struct invocation *invocation);

int client_list_command(struct invocation *invocation);
int client_show_command(struct invocation *invocation);
int client_add_command(struct invocation *invocation);
int client_secret_command(struct invocation *invocation);
int client_machine_command(struct invocation *invocation);
int client_delete_command(struct invocation *invocation);
