// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { api, done } from "../api/client";
import { useAct } from "../parts/useAct";
import { useMe } from "../shell/me";
import { GIVEN_ROLES, type Role } from "./person";

export function AddPerson({ opened, close }: { opened: boolean; close: () => void }) {
    const { t } = useTranslation("people");
    const me = useMe();
    const { act, isBusy } = useAct();
    const [, go] = useLocation();
    const [email, setEmail] = useState("");
    const [name, setName] = useState("");
    const [role, setRole] = useState<Role>(me.person.role === "operator" ? "operator" : "person");

    const add = async (event: FormEvent) => {
        event.preventDefault();
        const body = { email: email.trim(), name: name.trim() || null, role };
        const made = await act(() => done(api.POST("/v1/people", { body })), { again: ["people"] });
        if (!made) return;
        close();
        go(`/admin/people/${made.came.id}?invite=yes`);
    };

    return (
        <Modal opened={opened} onClose={close} title={t("add.title")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            <form onSubmit={(event) => void add(event)}>
                <Stack>
                    <TextInput
                        label={t("email")}
                        type="email"
                        required
                        maxLength={254}
                        value={email}
                        onChange={(event) => setEmail(event.currentTarget.value)}
                        data-autofocus
                    />
                    <TextInput label={t("name")} maxLength={250} value={name} onChange={(event) => setName(event.currentTarget.value)} />
                    {me.person.role !== "operator" && (
                        <Select
                            label={t("role.title")}
                            description={t("role.hint")}
                            allowDeselect={false}
                            value={role}
                            onChange={(value) => setRole(value as Role)}
                            data={GIVEN_ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
                        />
                    )}
                    <Group justify="flex-end">
                        <Button variant="default" onClick={close}>
                            {t("shell:cancel")}
                        </Button>
                        <Button type="submit" loading={isBusy}>
                            {t("add.go")}
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Modal>
    );
}
