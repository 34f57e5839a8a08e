// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { useAct } from "../parts/useAct";
import { GIVEN_ROLES, type Person, useHasPrinting } from "./person";

/* Only what was changed is said: a role is asked for freshly, a name is not. */
function changed(person: Person, wanted: { email: string; name: string; department: string; role: string }) {
    return {
        ...(wanted.email !== person.email && { email: wanted.email }),
        ...(wanted.name !== (person.name ?? "") && { name: wanted.name }),
        ...(wanted.department !== (person.department ?? "") && { department: wanted.department }),
        ...(wanted.role !== person.role && { role: wanted.role as Person["role"] }),
    };
}

export function EditPerson({ person, close }: { person: Person; close: () => void }) {
    const { t } = useTranslation("people");
    const { act, isBusy } = useAct();
    const [email, setEmail] = useState(person.email);
    const [name, setName] = useState(person.name ?? "");
    const [department, setDepartment] = useState(person.department ?? "");
    const [role, setRole] = useState<string>(person.role);
    const hasRoles = useHasPrinting();
    const roles = [...new Set([...GIVEN_ROLES, person.role])].map((value) => ({ value: value as string, label: t(`role.${value}`) }));

    const save = async (event: FormEvent) => {
        event.preventDefault();
        const body = changed(person, { email: email.trim(), name: name.trim(), department: department.trim(), role });
        const saved = await act(() => done(api.PATCH("/v1/people/{person}", { params: { path: { person: person.id } }, body })), { again: ["people"] });
        if (saved) close();
    };

    return (
        <Modal opened onClose={close} title={t("edit.title")} closeButtonProps={{ "aria-label": t("shell:close") }}>
            <form onSubmit={(event) => void save(event)}>
                <Stack>
                    <TextInput label={t("name")} maxLength={250} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
                    <TextInput
                        label={t("email")}
                        description={t("edit.email")}
                        type="email"
                        required
                        maxLength={254}
                        value={email}
                        onChange={(event) => setEmail(event.currentTarget.value)}
                    />
                    <TextInput label={t("department")} maxLength={250} value={department} onChange={(event) => setDepartment(event.currentTarget.value)} />
                    {hasRoles && (
                        <Select
                            label={t("role.title")}
                            description={t("role.hint")}
                            allowDeselect={false}
                            value={role}
                            onChange={(value) => setRole(value ?? person.role)}
                            data={[...roles, { value: "by-groups", label: t("role.byGroups") }]}
                        />
                    )}
                    <Group justify="flex-end">
                        <Button variant="default" onClick={close}>
                            {t("shell:cancel")}
                        </Button>
                        <Button type="submit" loading={isBusy}>
                            {t("shell:save")}
                        </Button>
                    </Group>
                </Stack>
            </form>
        </Modal>
    );
}
