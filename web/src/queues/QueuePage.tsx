// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";

import { api, done } from "../api/client";
import { Copied } from "../parts/Copied";
import { called } from "../parts/everything";
import { Kept } from "../parts/Kept";
import { Loaded } from "../parts/Loaded";
import { Page } from "../parts/Page";
import { TicketDefaults } from "../parts/TicketDefaults";
import { WhoPaysNeeds } from "../parts/WhoPays";
import { QueueDialog } from "./QueueDialog";

/* One queue: its address, what its prints usually are, who pays for them. */
export default function QueuePage() {
    const { t } = useTranslation("queues");
    const { queue: id } = useParams<{ queue: string }>();
    const [isChanged, changing] = useDisclosure();
    const params = { path: { queue: id } };
    const found = useQuery({ queryKey: ["queues", id], queryFn: () => done(api.GET("/v1/queues/{queue}", { params })) });
    const queue = found.data;

    return (
        <Page
            title={queue ? called(queue) : t("queue")}
            lead={
                <Anchor component={Link} href="/admin/queues" size="sm">
                    {t("title")}
                </Anchor>
            }
            actions={
                <Button variant="default" disabled={!queue} onClick={changing.open}>
                    {t("shell:edit")}
                </Button>
            }
        >
            <Loaded query={found}>
                {(one) => (
                    <Stack>
                        <Copied value={`ipps://${location.host}${one.path}`} label={t("address")} />
                        <TicketDefaults
                            of={["queues", id, "ticket"]}
                            lead={t("ticketLead")}
                            read={() => done(api.GET("/v1/queues/{queue}/ticket", { params }))}
                            write={(body) => done(api.PUT("/v1/queues/{queue}/ticket", { params, body }))}
                        />
                        <Kept
                            title={t("whoPays")}
                            lead={t("whoPaysLead")}
                            of={["queues", id, "accounting"]}
                            read={() => done(api.GET("/v1/queues/{queue}/accounting", { params }))}
                            write={(body) => done(api.PATCH("/v1/queues/{queue}/accounting", { params, body }))}
                        >
                            {(form, set) => <WhoPaysNeeds value={form.needs} choose={(needs) => set({ needs })} />}
                        </Kept>
                    </Stack>
                )}
            </Loaded>
            {isChanged && queue && <QueueDialog of={queue} close={changing.close} />}
        </Page>
    );
}
