-- SPDX-FileCopyrightText: The Imprimatur authors
-- SPDX-License-Identifier: Apache-2.0
--
-- The second wall between tenants, for PostgreSQL: row-level security. It is prepared here and not used yet, for the
-- only database behind db/db.h is SQLite; core/tenant/test-tenant-tables.c holds it against the schema, so that no table
-- is forgotten, and tools/row-level-security writes it. docs/decisions/0018-row-level-security.md says how it is to be used.
--
-- Each transaction begins with SET LOCAL app.tenant = '<the tenant as 32 hexadecimal digits>' and the role
-- imprimatur_tenant. Without the setting no row is visible, none can be written. The few statements that serve all
-- tenants (tools/check-tenants has their list) run as imprimatur_service.

CREATE ROLE imprimatur_tenant NOLOGIN;
CREATE ROLE imprimatur_service NOLOGIN;

CREATE FUNCTION app_tenant() RETURNS bytea LANGUAGE sql STABLE AS
    $$ SELECT decode(current_setting('app.tenant', true), 'hex') $$;

ALTER TABLE tenant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_of_tenant ON tenant TO imprimatur_tenant USING (id = app_tenant()) WITH CHECK (id = app_tenant());
CREATE POLICY tenant_of_service ON tenant TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE tenant_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_key_of_tenant ON tenant_key TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY tenant_key_of_service ON tenant_key TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE key_exchange ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY key_exchange_of_tenant ON key_exchange TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY key_exchange_of_service ON key_exchange TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE tenant_limit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_limit_of_tenant ON tenant_limit TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY tenant_limit_of_service ON tenant_limit TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE tenant_domain ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_domain_of_tenant ON tenant_domain TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY tenant_domain_of_service ON tenant_domain TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE key_day ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY key_day_of_tenant ON key_day TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY key_day_of_service ON key_day TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE authority ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY authority_of_tenant ON authority TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY authority_of_service ON authority TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE certificate ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY certificate_of_tenant ON certificate TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY certificate_of_service ON certificate TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE certificate_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY certificate_code_of_tenant ON certificate_code TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY certificate_code_of_service ON certificate_code TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE deposit_box ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY deposit_box_of_tenant ON deposit_box TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY deposit_box_of_service ON deposit_box TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE audit_push ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_push_of_tenant ON audit_push TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY audit_push_of_service ON audit_push TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE audit_unsigned ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_unsigned_of_tenant ON audit_unsigned TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY audit_unsigned_of_service ON audit_unsigned TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE audit_checkpoint ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_checkpoint_of_tenant ON audit_checkpoint TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY audit_checkpoint_of_service ON audit_checkpoint TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY event_of_tenant ON event TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY event_of_service ON event TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE method ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY method_of_tenant ON method TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY method_of_service ON method TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE sign_in_policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_policy_of_tenant ON sign_in_policy TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY sign_in_policy_of_service ON sign_in_policy TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY person_of_tenant ON person TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY person_of_service ON person TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE outside_identity ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY outside_identity_of_tenant ON outside_identity TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY outside_identity_of_service ON outside_identity TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE outside_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY outside_session_of_tenant ON outside_session TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY outside_session_of_service ON outside_session TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE roster_absence ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY roster_absence_of_tenant ON roster_absence TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY roster_absence_of_service ON roster_absence TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE roster_run ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY roster_run_of_tenant ON roster_run TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY roster_run_of_service ON roster_run TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE badge ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY badge_of_tenant ON badge TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY badge_of_service ON badge TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE token ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY token_of_tenant ON token TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY token_of_service ON token TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY enrolment_of_tenant ON enrolment TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY enrolment_of_service ON enrolment TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE registration ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY registration_of_tenant ON registration TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY registration_of_service ON registration TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE address_rule ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY address_rule_of_tenant ON address_rule TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY address_rule_of_service ON address_rule TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE admission ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY admission_of_tenant ON admission TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY admission_of_service ON admission TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE mail_out ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_out_of_tenant ON mail_out TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY mail_out_of_service ON mail_out TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE mail_part ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_part_of_tenant ON mail_part TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY mail_part_of_service ON mail_part TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE "group" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY group_of_tenant ON "group" TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY group_of_service ON "group" TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE membership ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_of_tenant ON membership TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY membership_of_service ON membership TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE known_source ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY known_source_of_tenant ON known_source TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY known_source_of_service ON known_source TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE one_time_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY one_time_code_of_tenant ON one_time_code TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY one_time_code_of_service ON one_time_code TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE passkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY passkey_of_tenant ON passkey TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY passkey_of_service ON passkey TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY recovery_code_of_tenant ON recovery_code TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY recovery_code_of_service ON recovery_code TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE totp ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY totp_of_tenant ON totp TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY totp_of_service ON totp TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY session_of_tenant ON session TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY session_of_service ON session TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE client ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY client_of_tenant ON client TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY client_of_service ON client TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE client_secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY client_secret_of_tenant ON client_secret TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY client_secret_of_service ON client_secret TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE client_grant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY client_grant_of_tenant ON client_grant TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY client_grant_of_service ON client_grant TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE device_move ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY device_move_of_tenant ON device_move TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY device_move_of_service ON device_move TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE grant_access ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY grant_access_of_tenant ON grant_access TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY grant_access_of_service ON grant_access TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE grant_refresh ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY grant_refresh_of_tenant ON grant_refresh TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY grant_refresh_of_service ON grant_refresh TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE grant_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY grant_code_of_tenant ON grant_code TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY grant_code_of_service ON grant_code TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE device_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY device_code_of_tenant ON device_code TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY device_code_of_service ON device_code TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE delegate ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY delegate_of_tenant ON delegate TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY delegate_of_service ON delegate TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE site ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY site_of_tenant ON site TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY site_of_service ON site TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE report_setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY report_setting_of_tenant ON report_setting TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY report_setting_of_service ON report_setting TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE report_total ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY report_total_of_tenant ON report_total TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY report_total_of_service ON report_total TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE report_schedule ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY report_schedule_of_tenant ON report_schedule TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY report_schedule_of_service ON report_schedule TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE site_administrator ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY site_administrator_of_tenant ON site_administrator TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY site_administrator_of_service ON site_administrator TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE refused_deposit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY refused_deposit_of_tenant ON refused_deposit TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY refused_deposit_of_service ON refused_deposit TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE submitter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY submitter_of_tenant ON submitter TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY submitter_of_service ON submitter TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE site_offline ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY site_offline_of_tenant ON site_offline TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY site_offline_of_service ON site_offline TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE home_queue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY home_queue_of_tenant ON home_queue TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY home_queue_of_service ON home_queue TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE converter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY converter_of_tenant ON converter TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY converter_of_service ON converter TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE agent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_of_tenant ON agent TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY agent_of_service ON agent TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_of_tenant ON printer TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_of_service ON printer TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer_group ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_group_of_tenant ON printer_group TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_group_of_service ON printer_group TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE favourite ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY favourite_of_tenant ON favourite TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY favourite_of_service ON favourite TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer_grouping ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_grouping_of_tenant ON printer_grouping TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_grouping_of_service ON printer_grouping TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer_allowed ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_allowed_of_tenant ON printer_allowed TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_allowed_of_service ON printer_allowed TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer_state ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_state_of_tenant ON printer_state TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_state_of_service ON printer_state TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer_price ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_price_of_tenant ON printer_price TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_price_of_service ON printer_price TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE supply ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY supply_of_tenant ON supply TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY supply_of_service ON supply TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE supply_level ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY supply_level_of_tenant ON supply_level TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY supply_level_of_service ON supply_level TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer_host ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_host_of_tenant ON printer_host TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_host_of_service ON printer_host TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE discovery ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY discovery_of_tenant ON discovery TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY discovery_of_service ON discovery TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE discovery_run ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY discovery_run_of_tenant ON discovery_run TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY discovery_run_of_service ON discovery_run TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE discovered_printer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY discovered_printer_of_tenant ON discovered_printer TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY discovered_printer_of_service ON discovered_printer TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE discovered_mark ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY discovered_mark_of_tenant ON discovered_mark TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY discovered_mark_of_service ON discovered_mark TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE printer_watch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY printer_watch_of_tenant ON printer_watch TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY printer_watch_of_service ON printer_watch TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE device_usage ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY device_usage_of_tenant ON device_usage TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY device_usage_of_service ON device_usage TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE readiness ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY readiness_of_tenant ON readiness TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY readiness_of_service ON readiness TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE device_configuration ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY device_configuration_of_tenant ON device_configuration TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY device_configuration_of_service ON device_configuration TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE meter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY meter_of_tenant ON meter TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY meter_of_service ON meter TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE alert ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY alert_of_tenant ON alert TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY alert_of_service ON alert TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE alert_route ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY alert_route_of_tenant ON alert_route TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY alert_route_of_service ON alert_route TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE alert_message ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY alert_message_of_tenant ON alert_message TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY alert_message_of_service ON alert_message TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE queue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY queue_of_tenant ON queue TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY queue_of_service ON queue TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE agent_door ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_door_of_tenant ON agent_door TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY agent_door_of_service ON agent_door TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE agent_door_queue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_door_queue_of_tenant ON agent_door_queue TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY agent_door_queue_of_service ON agent_door_queue TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE ticket_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY ticket_default_of_tenant ON ticket_default TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY ticket_default_of_service ON ticket_default TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY policy_of_tenant ON policy TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY policy_of_service ON policy TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE panel_policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY panel_policy_of_tenant ON panel_policy TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY panel_policy_of_service ON panel_policy TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE panel ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY panel_of_tenant ON panel TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY panel_of_service ON panel TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE panel_guest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY panel_guest_of_tenant ON panel_guest TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY panel_guest_of_service ON panel_guest TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE badge_wait ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY badge_wait_of_tenant ON badge_wait TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY badge_wait_of_service ON badge_wait TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE reader_switch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY reader_switch_of_tenant ON reader_switch TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY reader_switch_of_service ON reader_switch TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE reader ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY reader_of_tenant ON reader TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY reader_of_service ON reader TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE machine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY machine_of_tenant ON machine TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY machine_of_service ON machine TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE machine_queue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY machine_queue_of_tenant ON machine_queue TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY machine_queue_of_service ON machine_queue TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY job_of_tenant ON job TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY job_of_service ON job TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE document ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY document_of_tenant ON document TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY document_of_service ON document TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE rendition ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY rendition_of_tenant ON rendition TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY rendition_of_service ON rendition TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE inspection ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY inspection_of_tenant ON inspection TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY inspection_of_service ON inspection TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE accounting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY accounting_of_tenant ON accounting TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY accounting_of_service ON accounting TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE work ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY work_of_tenant ON work TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY work_of_service ON work TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE stay ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY stay_of_tenant ON stay TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY stay_of_service ON stay TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE home ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY home_of_tenant ON home TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY home_of_service ON home TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE delivery ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY delivery_of_tenant ON delivery TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY delivery_of_service ON delivery TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE release ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY release_of_tenant ON release TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY release_of_service ON release TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE submission ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY submission_of_tenant ON submission TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY submission_of_service ON submission TO imprimatur_service USING (true) WITH CHECK (true);

ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_of_tenant ON idempotency TO imprimatur_tenant USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
CREATE POLICY idempotency_of_service ON idempotency TO imprimatur_service USING (true) WITH CHECK (true);

-- Without a tenant of their own: guesses are counted before anybody is known to be somebody. Only the service sees them.
ALTER TABLE guess ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY guess_of_service ON guess TO imprimatur_service USING (true) WITH CHECK (true);
