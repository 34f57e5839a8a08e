// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Tabs } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation, useParams, useSearchParams } from "wouter";

import { api, done } from "../api/client";
import { Back } from "../parts/Back";
import { Confirm } from "../parts/Confirm";
import { called, type Printer } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";
import { Access } from "./Access";
import { Device } from "./Device";
import { Overview } from "./Overview";
import { Settings } from "./Settings";
import { Status } from "./Status";
import { Use } from "./Use";

const TABS = { overview: Overview, settings: Settings, use: Use, access: Access, device: Device } as const;
type Tab = keyof typeof TABS;

function Actions({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const [, go] = useLocation();
    const { act, isBusy } = useAct();
    const [isAsked, asked] = useDisclosure();
    const path = { printer: printer.id };

    const welcome = () =>
        act(() => done(api.POST("/v1/printers/{printer}/welcome", { params: { path }, body: {} })), { said: t("welcome.sent"), again: ["jobs"] });
    const remove = async () => {
        if (await act(() => done(api.DELETE("/v1/printers/{printer}", { params: { path } })), { again: ["printers", "sites"] })) go("/admin/printers");
        else asked.close();
    };

    return (
        <>
            <Button variant="default" component="a" href={`/v1/printers/${printer.id}/welcome`} target="_blank" rel="noopener">
                {t("welcome.show")}
            </Button>
            <Button variant="default" loading={isBusy} onClick={() => void welcome()}>
                {t("welcome.print")}
            </Button>
            <Button variant="default" onClick={asked.open}>
                {t("shell:delete")}
            </Button>
            <Confirm
                opened={isAsked}
                title={t("delete.title")}
                words={t("delete.words")}
                deed={t("shell:delete")}
                busy={isBusy}
                close={asked.close}
                confirm={() => void remove()}
            />
        </>
    );
}

export default function PrinterPage() {
    const { t } = useTranslation("printers");
    const { printer: id } = useParams<{ printer: string }>();
    const [query, setQuery] = useSearchParams();
    const found = useQuery({
        queryKey: ["printers", id],
        queryFn: () => done(api.GET("/v1/printers/{printer}", { params: { path: { printer: id } } })),
    });
    const asked = query.get("tab");
    const tab: Tab = asked && asked in TABS ? (asked as Tab) : "overview";
    const printer = found.data;

    return (
        <Page
            title={printer ? called(printer) : t("printer")}
            back={<Back to="/admin/printers" words={t("title")} />}
            lead={<Name of={[printer?.make_and_model, printer?.location].filter(Boolean).join(" · ")} size="sm" />}
            actions={printer && <Actions printer={printer} />}
        >
            <Loaded query={found}>
                {(one) => (
                    <>
                        <Status printer={one} />
                        <Tabs value={tab} onChange={(next) => setQuery({ tab: next ?? "overview" }, { replace: true })} keepMounted={false}>
                            <Tabs.List mb="md">
                                {(Object.keys(TABS) as Tab[]).map((name) => (
                                    <Tabs.Tab key={name} value={name}>
                                        {t(`tab.${name}`)}
                                    </Tabs.Tab>
                                ))}
                            </Tabs.List>
                            {(Object.entries(TABS) as [Tab, (typeof TABS)[Tab]][]).map(([name, Content]) => (
                                <Tabs.Panel key={name} value={name}>
                                    <Content printer={one} />
                                </Tabs.Panel>
                            ))}
                        </Tabs>
                    </>
                )}
            </Loaded>
        </Page>
    );
}
